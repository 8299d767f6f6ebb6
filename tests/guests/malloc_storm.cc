// Threads that allocate, free and trim, each from an arena of its own, before and
// after. calloc() trusts memory to be zero where malloc gave it back to the kernel;
// that trust is what an image behind the memory could break.
#include <malloc.h>

#include <atomic>
#include <cstdlib>
#include <cstring>
#include <random>
#include <semaphore>
#include <thread>
#include <vector>

#include "tests/guests/guest.h"

using namespace fw::guest;

namespace {

struct Block {
  char* memory = nullptr;
  std::size_t size = 0;
  std::uint32_t seed = 0;
};

class Storm {
 public:
  explicit Storm(std::uint32_t seed) : random_(seed), blocks_(300) {}

  void rage(int rounds) {
    for (int i = 0; i < rounds; ++i) {
      Block& block = blocks_[random_() % blocks_.size()];
      if (block.memory != nullptr) EXPECT(holds(block.memory, block.size, block.seed));
      std::free(block.memory);
      // Mostly small, now and then beyond the threshold of mmap.
      block.size = random_() % (random_() % 64 == 0 ? 300'000 : 3'000) + 1;
      block.seed = static_cast<std::uint32_t>(random_());
      if (random_() % 2 == 0) {
        block.memory = static_cast<char*>(std::calloc(1, block.size));
        EXPECT(holds_zeros(block.memory, block.size));
      } else {
        block.memory = static_cast<char*>(std::malloc(block.size));
      }
      fill(block.memory, block.size, block.seed);
      if (random_() % 512 == 0) ::malloc_trim(0);
    }
  }
  void check_and_free() {
    for (Block& block : blocks_) {
      if (block.memory != nullptr) EXPECT(holds(block.memory, block.size, block.seed));
      std::free(block.memory);
      block = {};
    }
    ::malloc_trim(0);
  }

 private:
  std::mt19937 random_;
  std::vector<Block> blocks_;
};

}  // namespace

int main(int, char** argv) {
  constexpr int kThreads = 4;
  std::atomic<int> ready{0};
  std::counting_semaphore<> go{0};
  std::vector<std::thread> threads;
  const auto live = [&](std::uint32_t seed) {
    Storm storm(seed);
    storm.rage(800);
    ++ready;
    go.acquire();
    storm.rage(800);
    storm.check_and_free();
    storm.rage(400);
    storm.check_and_free();
  };
  for (std::uint32_t i = 0; i < kThreads; ++i) threads.emplace_back(live, i);
  Storm own(99);
  own.rage(800);
  while (ready < kThreads) std::this_thread::yield();

  snapshot(argv[1]);

  go.release(kThreads);
  own.rage(800);
  own.check_and_free();
  own.rage(400);
  own.check_and_free();
  for (std::thread& thread : threads) thread.join();
}
