#include "v8host/embedder/page_allocator.h"

#include <sys/mman.h>
#include <sys/random.h>

#include <algorithm>
#include <cerrno>
#include <iterator>

#include "base/clock.h"

namespace fw::v8host {
namespace {

constexpr std::uint64_t kPage = 4096;

// Programs and their heap, the snapshot window and the mappings of libraries all lie
// above 2^46. An arena starts in the first half of a GiB, so that a heap of usual size
// stays within one page of page directories.
constexpr std::uint64_t kLowest = std::uint64_t{1} << 44;
constexpr std::uint64_t kHighest = (std::uint64_t{1} << 46) - PageAllocator::kArenaSize;
constexpr std::uint64_t kGiB = std::uint64_t{1} << 30;
constexpr std::uint64_t kTable = std::uint64_t{1} << 21;  // what one page table maps

std::uint64_t random_arena() {
  std::uint64_t random = 0;
  if (::getrandom(&random, sizeof random, 0) != sizeof random) {
    // Cannot happen once the kernel's pool is initialised.
    random = monotonic_ns() * 0x9e3779b97f4a7c15;
  }
  const std::uint64_t low = (random >> 32) % (kGiB / 2 / kTable);
  const std::uint64_t high = (random & 0xffffffff) % ((kHighest - kLowest) / kGiB);
  return kLowest + high * kGiB + low * kTable;
}

int protection(v8::PageAllocator::Permission permission) {
  switch (permission) {
    case v8::PageAllocator::kNoAccess:
    case v8::PageAllocator::kNoAccessWillJitLater:
      return PROT_NONE;
    case v8::PageAllocator::kRead:
      return PROT_READ;
    case v8::PageAllocator::kReadWrite:
      return PROT_READ | PROT_WRITE;
    case v8::PageAllocator::kReadWriteExecute:
      return PROT_READ | PROT_WRITE | PROT_EXEC;
    case v8::PageAllocator::kReadExecute:
      return PROT_READ | PROT_EXEC;
  }
  return PROT_NONE;
}

std::uint64_t align(std::uint64_t address, std::uint64_t alignment) {
  return (address + alignment - 1) & ~(alignment - 1);
}

// Address space that is only reserved must not count as memory in use.
int flags(int prot) {
  return MAP_PRIVATE | MAP_ANONYMOUS | (prot == PROT_NONE ? MAP_NORESERVE : 0);
}

// At the hint if the place is free, else where the kernel likes: more than is needed, and
// what is not aligned given back.
void* map_near(void* hint, std::uint64_t length, std::uint64_t alignment, int prot) {
  const std::uint64_t slack = alignment - kPage;
  void* mapped = ::mmap(hint, length + slack, prot, flags(prot), -1, 0);
  if (mapped == MAP_FAILED) return nullptr;
  const auto start = reinterpret_cast<std::uint64_t>(mapped);
  const std::uint64_t aligned = align(start, alignment);
  if (aligned != start) ::munmap(mapped, aligned - start);
  const std::uint64_t rest = start + slack - aligned;
  if (rest != 0) ::munmap(reinterpret_cast<void*>(aligned + length), rest);
  return reinterpret_cast<void*>(aligned);
}

}  // namespace

PageAllocator::PageAllocator() : arena_(random_arena()) {
  gaps_.emplace(arena_, arena_ + kArenaSize);
}

std::size_t PageAllocator::AllocatePageSize() { return kPage; }
std::size_t PageAllocator::CommitPageSize() { return kPage; }

void* PageAllocator::GetRandomMmapAddr() {
  const std::lock_guard lock(mutex_);
  return reinterpret_cast<void*>(gaps_.empty() ? arena_ : gaps_.begin()->first);
}

// [start, end) lies within one gap.
void PageAllocator::take(std::uint64_t start, std::uint64_t end) {
  const auto gap = std::prev(gaps_.upper_bound(start));
  const std::uint64_t gap_end = gap->second;
  if (gap->first == start) {
    gaps_.erase(gap);
  } else {
    gap->second = start;
  }
  if (end != gap_end) gaps_.emplace(end, gap_end);
}

void PageAllocator::give_back(std::uint64_t start, std::uint64_t end) {
  // What the kernel placed may lie elsewhere.
  start = std::max(start, arena_);
  end = std::min(end, arena_ + kArenaSize);
  if (start >= end) return;
  auto next = gaps_.upper_bound(start);
  if (next != gaps_.begin() && std::prev(next)->second >= start) {
    --next;
    start = next->first;
  }
  while (next != gaps_.end() && next->first <= end) {
    end = std::max(end, next->second);
    next = gaps_.erase(next);
  }
  gaps_.emplace(start, end);
}

void* PageAllocator::AllocatePages(void* hint, std::size_t length, std::size_t alignment,
                                   Permission permission) {
  // Beyond any address space; keeps the sums below from overflowing.
  constexpr std::size_t kTooMuch = std::size_t{1} << 47;
  if (length == 0 || length >= kTooMuch || alignment >= kTooMuch) {
    errno = length == 0 ? EINVAL : ENOMEM;
    return nullptr;
  }
  length = align(length, kPage);
  alignment = std::max<std::size_t>(alignment, kPage);
  const int prot = protection(permission);
  const auto wanted = reinterpret_cast<std::uint64_t>(hint);
  // Hints by GetRandomMmapAddr() may have been rounded down to their alignment.
  const bool elsewhere = wanted + alignment <= arena_ || wanted >= arena_ + kArenaSize;
  if (hint != nullptr && elsewhere) return map_near(hint, length, alignment, prot);
  const std::lock_guard lock(mutex_);
  // A place of the arena that somebody else has mapped is taken for good. There should
  // be none; past a few, the rest of the arena is not trusted either.
  constexpr int kTries = 8;
  for (int i = 0; i < kTries; ++i) {
    const auto gap = std::find_if(gaps_.begin(), gaps_.end(), [&](const auto& one) {
      const std::uint64_t start = align(one.first, alignment);
      return start < one.second && one.second - start >= length;
    });
    if (gap == gaps_.end()) break;
    const std::uint64_t start = align(gap->first, alignment);
    auto* place = reinterpret_cast<void*>(start);
    void* mapped = ::mmap(place, length, prot, flags(prot) | MAP_FIXED_NOREPLACE, -1, 0);
    if (mapped == MAP_FAILED && errno != EEXIST) return nullptr;
    take(start, start + length);
    if (mapped == place) return place;
    // A kernel before 4.17 takes the address as a hint.
    if (mapped != MAP_FAILED) ::munmap(mapped, length);
  }
  return map_near(nullptr, length, alignment, prot);
}

bool PageAllocator::FreePages(void* address, std::size_t length) {
  const auto start = reinterpret_cast<std::uint64_t>(address);
  length = align(length, kPage);
  // Unmapped and free at once: nobody else may be given the place in between.
  const std::lock_guard lock(mutex_);
  if (::munmap(address, length) != 0) return false;
  give_back(start, start + length);
  return true;
}

bool PageAllocator::ReleasePages(void* address, std::size_t length, std::size_t new_length) {
  return FreePages(static_cast<char*>(address) + new_length, length - new_length);
}

bool PageAllocator::SetPermissions(void* address, std::size_t length, Permission permission) {
  if (::mprotect(address, length, protection(permission)) != 0) return false;
  // As V8's own allocator does; advice only, so it may fail.
  if (permission == kNoAccess) DiscardSystemPages(address, length);
  return true;
}

// By the name that the snapshot library puts in libc's place (snapshot/capture/madvise.cc).
bool PageAllocator::DiscardSystemPages(void* address, std::size_t length) {
  return ::madvise(address, length, MADV_DONTNEED) == 0;
}

bool PageAllocator::DecommitPages(void* address, std::size_t length) {
  return ::mmap(address, length, PROT_NONE, flags(PROT_NONE) | MAP_FIXED, -1, 0) == address;
}

}  // namespace fw::v8host
