// MemoryWatch in cgroups of the kernel's, with memory that is really used.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <optional>
#include <string>

#include "base/files.h"
#include "pool/pressure.h"
#include "tests/child.h"
#include "tests/pool/nested_cgroup.h"
#include "tests/store/temp_folder.h"

using namespace fw;
using namespace fw::pool;
using fw::testing::Nested;
using fw::testing::TempFolder;

namespace {

constexpr std::uint64_t kMb = std::uint64_t{1} << 20;

// Bytes left, from now on, below `bytes` and by not more than a few MB.
bool about(const MemoryWatch& watch, std::uint64_t bytes) {
  const Result<std::uint64_t> left = watch.available();
  return left && *left <= bytes && *left + 12 * kMb >= bytes;
}

}  // namespace

TEST_CASE("In a real cgroup memory in use is missing, and page cache is not") {
  const std::optional<Nested> nested = Nested::make();
  if (!nested) return;
  REQUIRE(nested->limit_outer(200 * kMb));
  const TempFolder temp;
  const ExitStatus ended = test::run_child([&] {
    if (!nested->enter()) return 1;
    const Result<MemoryWatch> watch = MemoryWatch::open();
    if (!watch) return 2;
    if (*watch->total() != 200 * kMb) return 3;
    if (!about(*watch, 200 * kMb)) return 4;

    void* memory = ::mmap(nullptr, 64 * kMb, PROT_READ | PROT_WRITE,
                          MAP_PRIVATE | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
    if (memory == MAP_FAILED || !about(*watch, 136 * kMb)) return 5;
    ::munmap(memory, 64 * kMb);
    if (!about(*watch, 200 * kMb)) return 6;

    if (!write_file_atomically(temp / "cache", std::string(48 * kMb, 'x'))) return 7;
    return about(*watch, 200 * kMb) ? 0 : 8;
  });
  CHECK_MESSAGE(ended.value == 0, ended.describe());
}

TEST_CASE("In nested real cgroups the tighter limit counts, wherever it is") {
  const std::optional<Nested> nested = Nested::make();
  if (!nested) return;
  REQUIRE(nested->limit_outer(100 * kMb));
  const auto total = [&] {
    return test::run_child([&] {
             if (!nested->enter()) return 1;
             const Result<MemoryWatch> watch = MemoryWatch::open();
             if (!watch) return 2;
             return static_cast<int>(*watch->total() / kMb);
           })
        .value;
  };
  CHECK(total() == 100);
  REQUIRE(nested->limit_inner(70 * kMb));
  CHECK(total() == 70);
  REQUIRE(nested->limit_outer(60 * kMb));
  CHECK(total() == 60);
}
