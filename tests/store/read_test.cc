#include "store/read.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <array>
#include <string>

#include "base/files.h"

TEST_CASE("A descriptor is read from its position to its end") {
  const fw::UniqueFd fd = *fw::create_memfd("test");
  REQUIRE(fw::write_all(fd.get(), std::string(200'000, 'x') + "end"));
  ::lseek(fd.get(), 199'999, SEEK_SET);
  CHECK(*fw::store::read_to_end(fd.get(), "it", 10) == "xend");
  CHECK(fw::store::read_to_end(fd.get(), "it", 10)->empty());
}

TEST_CASE("More than the limit is refused by name") {
  const fw::UniqueFd fd = *fw::create_memfd("test");
  REQUIRE(fw::write_all(fd.get(), "12345"));
  ::lseek(fd.get(), 0, SEEK_SET);
  const fw::Result<std::string> text = fw::store::read_to_end(fd.get(), "standard input", 4);
  REQUIRE_FALSE(text);
  CHECK(text.error().code() == fw::Errc::kBadInput);
  CHECK(text.error().message() == "standard input is larger than the 4 bytes allowed");
}

TEST_CASE("A descriptor that cannot be read is a system error by name") {
  const fw::Result<std::string> text = fw::store::read_to_end(-1, "standard input", 4);
  REQUIRE_FALSE(text);
  CHECK(text.error().message() == "read standard input: Bad file descriptor");
}

TEST_CASE("The head of a file is read without moving its position, and the rest counted") {
  const fw::UniqueFd fd = *fw::create_memfd("test");
  REQUIRE(fw::write_all(fd.get(), "12345"));
  std::size_t cut = 99;
  CHECK(*fw::store::read_head(fd.get(), 3, cut) == "123");
  CHECK(cut == 2);
  CHECK(*fw::store::read_head(fd.get(), 30, cut) == "12345");
  CHECK(cut == 0);
  CHECK(::lseek(fd.get(), 0, SEEK_CUR) == 5);
}
