// Thread local variables: in the program's own block, by pthread_key_create, and with
// destructors, which must run when a restored thread ends. The block is found by a
// register that only the kernel restores (the FS base).
#include <pthread.h>

#include <atomic>
#include <semaphore>
#include <string>
#include <thread>
#include <vector>

#include "tests/guests/guest.h"

using namespace fw::guest;

namespace {

std::atomic<int> destroyed{0};
std::atomic<int> keys_destroyed{0};

struct Counted {
  std::string text;
  ~Counted() {
    if (!text.empty()) ++destroyed;
  }
};
thread_local int plain = 5;
thread_local char block[3 * kPage];
thread_local Counted counted;

void destroy_key(void*) { ++keys_destroyed; }

}  // namespace

int main(int, char** argv) {
  pthread_key_t key{};
  EXPECT_EQ(::pthread_key_create(&key, destroy_key), 0);
  std::counting_semaphore<> go{0};
  std::atomic<int> ready{0};
  std::vector<std::thread> threads;
  constexpr int kThreads = 5;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      plain = i;
      fill(block, sizeof block, static_cast<std::uint32_t>(i));
      counted.text = "thread number " + std::to_string(i) + " of this guest";
      EXPECT_EQ(::pthread_setspecific(key, &threads), 0);
      const int* const address = &plain;
      ++ready;
      go.acquire();
      EXPECT_EQ(&plain, address);
      EXPECT_EQ(plain, i);
      EXPECT(holds(block, sizeof block, static_cast<std::uint32_t>(i)));
      EXPECT_EQ(counted.text, "thread number " + std::to_string(i) + " of this guest");
      EXPECT_EQ(::pthread_getspecific(key), static_cast<void*>(&threads));
    });
  }
  plain = 77;
  while (ready < kThreads) std::this_thread::yield();

  snapshot(argv[1]);

  EXPECT_EQ(plain, 77);
  EXPECT(holds_zeros(block, sizeof block));
  EXPECT_EQ(destroyed.load(), 0);
  go.release(kThreads);
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(destroyed.load(), kThreads);
  EXPECT_EQ(keys_destroyed.load(), kThreads);
  std::thread fresh([] {
    EXPECT_EQ(plain, 5);
    EXPECT(holds_zeros(block, sizeof block));
  });
  fresh.join();
}
