#include "bench/restores/target.h"

#include <doctest/doctest.h>
#include <fcntl.h>

#include "base/files.h"

using namespace fw;
using namespace fw::bench;

TEST_CASE("Answers are compared by what they mean") {
  CHECK(same_json(R"({"a":1,"b":[2]})", R"({ "b": [2], "a": 1 })"));
  CHECK(same_json("not JSON", "not JSON"));
  CHECK_FALSE(same_json(R"({"a":1})", R"({"a":2})"));
  CHECK_FALSE(same_json("", "{}"));
  CHECK_FALSE(same_json("not", "JSON"));
}

TEST_CASE("What is no image can be neither restored nor looked at") {
  const UniqueFd file = open_file("/bin/sh", O_RDONLY).value();
  const Target target{file.get(), FW_BIN_DIR "/fwrun-restore", "{}", ""};
  const Result<store::Invoked> restored = restore_once(target);
  REQUIRE_FALSE(restored);
  CHECK(restored.error().code() == Errc::kRefused);
  const Result<std::size_t> mappings = count_mappings(target);
  REQUIRE_FALSE(mappings);
  CHECK(mappings.error().message().find("ended before") != std::string::npos);
}
