#include "embed/settle_heap.h"

#include <malloc.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>

namespace fw::embed {

namespace {

// Free chunks up to this size are fragments. A larger one serves as well as the end
// of the heap: malloc cuts it up from its start.
constexpr std::size_t kLargestFragment = 4096;

// The sizes to ask for: every size class where malloc keeps lists for each.
std::size_t next_smaller(std::size_t size) {
  constexpr std::size_t kLargestSmall = 1024;
  return size > kLargestSmall ? size - 128 : size - 16;
}

}  // namespace

void settle_heap() {
  ::malloc_trim(0);
  // Malloc serves a request from the smallest free chunk that is large enough. So
  // one that is followed by a neighbour of the next request has come from a large
  // chunk, and the fragments of its size are used up.
  constexpr std::size_t kSmallest = 24;
  for (std::size_t size = kLargestFragment; size >= kSmallest; size = next_smaller(size)) {
    constexpr int kEnoughNeighbours = 4;
    std::uintptr_t last = 0;
    for (int neighbours = 0; neighbours < kEnoughNeighbours;) {
      void* chunk = std::malloc(size);
      if (chunk == nullptr) return;
      const auto address = reinterpret_cast<std::uintptr_t>(chunk);
      constexpr std::size_t kLargestHeader = 32;
      neighbours = address > last && address - last <= size + kLargestHeader ? neighbours + 1 : 0;
      last = address;
    }
  }
  // Room to grow into without a system call.
  constexpr std::size_t kRoom = 100 * 1024;
  std::free(std::malloc(kRoom));
}

}  // namespace fw::embed
