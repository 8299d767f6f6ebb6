// V8's memory: where it is placed, and what becomes of its contents and permissions.
#include "v8host/embedder/page_allocator.h"

#include <doctest/doctest.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include "snapshot/image/format.h"

using fw::v8host::PageAllocator;

namespace {

constexpr std::size_t kPage = 4096;
constexpr std::size_t kChunk = 256 * 1024;  // of V8's heap

std::uint64_t number(void* address) { return reinterpret_cast<std::uint64_t>(address); }

// The permissions that the kernel tells for the mapping of an address, "" for none.
std::string permissions(void* address) {
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    std::istringstream words(line);
    std::uint64_t start = 0;
    std::uint64_t end = 0;
    char dash = 0;
    std::string mode;
    words >> std::hex >> start >> dash >> end >> mode;
    if (start <= number(address) && number(address) < end) return mode;
  }
  return "";
}

}  // namespace

TEST_CASE("pages are aligned as asked") {
  PageAllocator pages;
  void* odd = pages.AllocatePages(nullptr, kPage, kPage, PageAllocator::kNoAccess);
  for (const std::size_t alignment : {kPage, kChunk, std::size_t{1} << 30}) {
    void* place = pages.AllocatePages(nullptr, 3 * kPage, alignment, PageAllocator::kReadWrite);
    REQUIRE(place != nullptr);
    CHECK(number(place) % alignment == 0);
    std::memset(place, 1, 3 * kPage);
    CHECK(pages.FreePages(place, 3 * kPage));
    CHECK(permissions(place) == "");
  }
  CHECK(pages.FreePages(odd, kPage));
}

TEST_CASE("chunks lie side by side, clear of the snapshot's window") {
  PageAllocator pages;
  const std::uint64_t first = number(pages.GetRandomMmapAddr());
  CHECK(first % kPage == 0);
  CHECK(first + PageAllocator::kArenaSize <= fw::image::kWindowStart);
  CHECK(first + PageAllocator::kArenaSize <= std::uint64_t{1} << 46);
  std::vector<void*> chunks;
  for (int i = 0; i < 100; ++i) {
    void* hint = pages.GetRandomMmapAddr();
    chunks.push_back(pages.AllocatePages(hint, kChunk, kChunk, PageAllocator::kReadWrite));
    REQUIRE(number(chunks.back()) == first + i * kChunk);
  }
  for (void* chunk : chunks) CHECK(pages.FreePages(chunk, kChunk));
  CHECK(number(pages.GetRandomMmapAddr()) == first);
}

TEST_CASE("a freed place is used again, the lowest first, and joined with its neighbours") {
  PageAllocator pages;
  std::vector<void*> chunks(5);
  for (void*& chunk : chunks) {
    chunk = pages.AllocatePages(nullptr, kChunk, kChunk, PageAllocator::kNoAccess);
  }
  for (const int i : {3, 1, 2}) CHECK(pages.FreePages(chunks[i], kChunk));
  CHECK(pages.AllocatePages(nullptr, 3 * kChunk, kChunk, PageAllocator::kNoAccess) == chunks[1]);
  CHECK(pages.FreePages(chunks[0], 5 * kChunk));
}

TEST_CASE("another allocator's arena starts elsewhere") {
  PageAllocator one;
  PageAllocator other;
  PageAllocator third;
  const void* start = one.GetRandomMmapAddr();
  const bool same = start == other.GetRandomMmapAddr() && start == third.GetRandomMmapAddr();
  CHECK_FALSE(same);
}

TEST_CASE("permissions are those asked for") {
  PageAllocator pages;
  auto* place = static_cast<char*>(
      pages.AllocatePages(nullptr, 2 * kPage, kPage, PageAllocator::kNoAccessWillJitLater));
  REQUIRE(place != nullptr);
  CHECK(permissions(place) == "---p");
  CHECK(pages.SetPermissions(place, kPage, PageAllocator::kReadWriteExecute));
  CHECK(permissions(place) == "rwxp");
  CHECK(permissions(place + kPage) == "---p");
  CHECK(pages.SetPermissions(place, kPage, PageAllocator::kReadExecute));
  CHECK(permissions(place) == "r-xp");
  CHECK(pages.SetPermissions(place, kPage, PageAllocator::kRead));
  CHECK(permissions(place) == "r--p");
  CHECK(pages.SetPermissions(place, kPage, PageAllocator::kReadWrite));
  CHECK(permissions(place) == "rw-p");
  CHECK(pages.SetPermissions(place, kPage, PageAllocator::kNoAccess));
  CHECK(permissions(place) == "---p");
  CHECK(pages.FreePages(place, 2 * kPage));
  CHECK_FALSE(pages.SetPermissions(place, kPage, PageAllocator::kRead));
  CHECK_FALSE(pages.DiscardSystemPages(place, kPage));
}

TEST_CASE("discarded and decommitted pages read as zeros, their neighbours are kept") {
  PageAllocator pages;
  auto* place =
      static_cast<char*>(pages.AllocatePages(nullptr, 3 * kPage, kPage, PageAllocator::kReadWrite));
  REQUIRE(place != nullptr);
  std::memset(place, 'x', 3 * kPage);
  CHECK(pages.DiscardSystemPages(place, kPage));
  CHECK(place[0] == 0);
  CHECK(pages.DecommitPages(place + kPage, kPage));
  CHECK(permissions(place + kPage) == "---p");
  CHECK(pages.SetPermissions(place + kPage, kPage, PageAllocator::kReadWrite));
  CHECK(place[kPage] == 0);
  CHECK(place[2 * kPage] == 'x');
  CHECK(pages.FreePages(place, 3 * kPage));
}

TEST_CASE("the released end of a range is free, its start stays") {
  PageAllocator pages;
  auto* place =
      static_cast<char*>(pages.AllocatePages(nullptr, 4 * kPage, kPage, PageAllocator::kReadWrite));
  REQUIRE(place != nullptr);
  std::memset(place, 'x', 4 * kPage);
  CHECK(pages.ReleasePages(place, 4 * kPage, kPage));
  CHECK(place[kPage - 1] == 'x');
  CHECK(permissions(place + kPage) == "");
  CHECK(pages.AllocatePages(nullptr, 2 * kPage, kPage, PageAllocator::kRead) == place + kPage);
  CHECK(pages.FreePages(place, 3 * kPage));
}

TEST_CASE("a mapping of somebody else in the arena is left alone") {
  PageAllocator pages;
  void* taken = pages.GetRandomMmapAddr();
  REQUIRE(::mmap(taken, kPage, PROT_READ | PROT_WRITE,
                 MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0) == taken);
  *static_cast<char*>(taken) = 'x';
  void* place = pages.AllocatePages(taken, kPage, kPage, PageAllocator::kReadWrite);
  REQUIRE(place != nullptr);
  CHECK(place != taken);
  CHECK(*static_cast<char*>(taken) == 'x');
  CHECK(pages.FreePages(place, kPage));
  CHECK(::munmap(taken, kPage) == 0);
}

TEST_CASE("a hint outside of the arena is followed where there is room") {
  PageAllocator pages;
  void* start = pages.GetRandomMmapAddr();
  void* free = ::mmap(nullptr, 2 * kPage, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  REQUIRE(free != MAP_FAILED);
  REQUIRE(::munmap(free, 2 * kPage) == 0);
  CHECK(pages.AllocatePages(free, kPage, kPage, PageAllocator::kReadWrite) == free);
  void* other = pages.AllocatePages(free, kPage, kPage, PageAllocator::kReadWrite);
  REQUIRE(other != nullptr);
  CHECK(other != free);
  CHECK(pages.GetRandomMmapAddr() == start);
  CHECK(pages.FreePages(free, kPage));
  CHECK(pages.FreePages(other, kPage));
  CHECK(pages.GetRandomMmapAddr() == start);
}

TEST_CASE("what does not fit into the arena is placed by the kernel") {
  PageAllocator pages;
  constexpr std::size_t kMore = PageAllocator::kArenaSize + kPage;
  void* start = pages.GetRandomMmapAddr();
  void* place = pages.AllocatePages(nullptr, kMore, kChunk, PageAllocator::kNoAccess);
  REQUIRE(place != nullptr);
  CHECK(number(place) % kChunk == 0);
  CHECK(pages.GetRandomMmapAddr() == start);
  CHECK(pages.FreePages(place, kMore));
  CHECK(pages.GetRandomMmapAddr() == start);
}

TEST_CASE("more than the address space has gives nullptr") {
  PageAllocator pages;
  void* start = pages.GetRandomMmapAddr();
  for (const std::size_t length : {std::size_t{0}, (std::size_t{1} << 47) - kPage,
                                   std::size_t{1} << 47, SIZE_MAX - kPage + 1}) {
    CAPTURE(length);
    CHECK(pages.AllocatePages(nullptr, length, kPage, PageAllocator::kNoAccess) == nullptr);
  }
  CHECK(pages.AllocatePages(nullptr, kPage, std::size_t{1} << 47, PageAllocator::kNoAccess) ==
        nullptr);
  CHECK(pages.GetRandomMmapAddr() == start);
}
