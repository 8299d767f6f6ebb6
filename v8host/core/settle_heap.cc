#include "v8host/core/settle_heap.h"

#include <malloc.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>

namespace fw::v8host {

namespace {

// The sizes to ask for: coarse where chunks are rare, every size class where
// malloc keeps lists for each.
std::size_t next_smaller(std::size_t size) {
  constexpr std::size_t kPage = 4096;
  constexpr std::size_t kLargestSmall = 1024;
  if (size > kPage) return size - kPage / 4;
  return size > kLargestSmall ? size - 128 : size - 16;
}

}  // namespace

void settle_heap() {
  ::malloc_trim(0);
  // What lies above has come from the end of the heap, not from a free fragment.
  const auto end = reinterpret_cast<std::uintptr_t>(::sbrk(0));
  constexpr std::uintptr_t kEndSlack = 16384;  // malloc_trim leaves a little there
  constexpr std::size_t kLargest = 65536;      // below the threshold of mmap
  constexpr std::size_t kSmallest = 24;
  for (std::size_t size = kLargest; size >= kSmallest; size = next_smaller(size)) {
    for (;;) {
      void* chunk = std::malloc(size);
      if (chunk == nullptr) return;
      if (reinterpret_cast<std::uintptr_t>(chunk) < end - kEndSlack) continue;  // given up
      // Large ones merge with the heap's end again. Small ones would go to a list.
      constexpr std::size_t kLargestListed = 1032;
      if (size > kLargestListed) std::free(chunk);
      break;
    }
  }
  // Room to grow into without a system call.
  constexpr std::size_t kRoom = 100 * 1024;
  std::free(std::malloc(kRoom));
}

}  // namespace fw::v8host
