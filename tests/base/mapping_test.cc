#include "base/mapping.h"

#include <doctest/doctest.h>
#include <sys/mman.h>

#include <cerrno>
#include <cstring>

#include "base/files.h"

namespace {

using fw::kPageSize;
using fw::Mapping;

constexpr int kReadWrite = PROT_READ | PROT_WRITE;

// msync(2) fails with ENOMEM where nothing is mapped.
bool is_mapped(void* address) {
  return ::msync(address, kPageSize, MS_ASYNC) == 0 || errno != ENOMEM;
}

TEST_CASE("anonymous memory is zero, writable and unmapped with its owner") {
  void* address = nullptr;
  {
    const Mapping mapping = *Mapping::anonymous(2 * kPageSize, kReadWrite);
    address = mapping.data();
    CHECK(mapping.size() == 2 * kPageSize);
    CHECK(mapping.bytes()[kPageSize] == std::byte{0});
    mapping.bytes()[kPageSize] = std::byte{7};
    CHECK(is_mapped(address));
  }
  CHECK(!is_mapped(address));
}

TEST_CASE("a moved mapping has one owner") {
  Mapping first = *Mapping::anonymous(kPageSize, kReadWrite);
  void* const address = first.data();
  Mapping second = *Mapping::anonymous(kPageSize, kReadWrite);
  void* const replaced = second.data();
  second = std::move(first);
  CHECK(!first.valid());  // NOLINT(bugprone-use-after-move): the promise under test
  CHECK(first.size() == 0);
  CHECK(second.data() == address);
  CHECK(is_mapped(address));
  CHECK(!is_mapped(replaced));
  Mapping& same = second;
  second = std::move(same);
  CHECK(second.data() == address);
  CHECK(is_mapped(address));
}

TEST_CASE("two shared mappings of a file see each other, a private one keeps to itself") {
  const fw::UniqueFd fd = *fw::create_memfd("mapping-test");
  REQUIRE(::ftruncate(fd.get(), 2 * kPageSize) == 0);
  using enum Mapping::Share;
  const Mapping writer = *Mapping::of_file(fd.get(), 2 * kPageSize, kReadWrite, kShared);
  const Mapping second_page = *Mapping::of_file(fd.get(), kPageSize, PROT_READ, kShared, kPageSize);
  const Mapping own = *Mapping::of_file(fd.get(), kPageSize, kReadWrite, kPrivate, kPageSize);
  writer.bytes()[kPageSize] = std::byte{1};
  CHECK(second_page.bytes()[0] == std::byte{1});
  own.bytes()[0] = std::byte{2};
  CHECK(second_page.bytes()[0] == std::byte{1});
}

TEST_CASE("a mapping that the kernel refuses is an error with its errno") {
  CHECK(Mapping::anonymous(0, kReadWrite).error().sys_errno() == EINVAL);
  const auto refused = Mapping::of_file(-1, kPageSize, PROT_READ, Mapping::Share::kShared);
  CHECK(refused.error().sys_errno() == EBADF);
}

TEST_CASE("page_floor and page_ceil round to whole pages") {
  CHECK(fw::page_floor(0) == 0);
  CHECK(fw::page_floor(kPageSize - 1) == 0);
  CHECK(fw::page_floor(kPageSize) == kPageSize);
  CHECK(fw::page_ceil(0) == 0);
  CHECK(fw::page_ceil(1) == kPageSize);
  CHECK(fw::page_ceil(kPageSize) == kPageSize);
}

}  // namespace
