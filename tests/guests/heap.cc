// Heap blocks of all sizes, those that malloc maps on their own among them. Without
// the engine's work the bytes would differ; with a wrong break, or an allocator
// whose arenas are half there, the blocks asked for afterwards would collide.
#include <cstdlib>
#include <utility>
#include <vector>

#include "tests/guests/guest.h"

using namespace fw::guest;

int main(int, char** argv) {
  std::vector<std::pair<void*, std::size_t>> blocks;
  for (std::size_t size = 1; size < (std::size_t{1} << 20); size = size * 3 / 2 + 7) {
    for (int i = 0; i < 3; ++i) {
      blocks.emplace_back(std::malloc(size), size);
      fill(blocks.back().first, size, static_cast<std::uint32_t>(blocks.size()));
    }
  }
  // Holes, so that the free lists are part of the state.
  for (std::size_t i = 0; i < blocks.size(); i += 3)
    std::free(std::exchange(blocks[i].first, nullptr));

  snapshot(argv[1]);

  for (std::size_t i = 0; i < blocks.size(); ++i) {
    if (blocks[i].first == nullptr) continue;
    EXPECT(holds(blocks[i].first, blocks[i].second, static_cast<std::uint32_t>(i + 1)));
  }
  for (int round = 0; round < 3; ++round) {
    for (auto& [block, size] : blocks) {
      std::free(block);
      block = std::malloc(size);
      fill(block, size, 1000);
    }
  }
  for (const auto& [block, size] : blocks) EXPECT(holds(block, size, 1000));
  for (const auto& [block, size] : blocks) std::free(block);
}
