// Threads that sleep for moments and run in between, so that the parking signal
// finds them anywhere: in user code, on the way into a system call, inside, and on
// the way out. None of them may ever see EINTR.
#include <poll.h>

#include <atomic>
#include <ctime>
#include <thread>
#include <vector>

#include "tests/guests/guest.h"

using namespace fw::guest;

int main(int, char** argv) {
  std::atomic<bool> stop{false};
  std::atomic<int> interrupted{0};
  std::atomic<std::uint64_t> rounds{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&, i] {
      const timespec moment{0, 20'000 + 10'000 * i};
      while (!stop) {
        const bool ok = i % 2 == 0 ? ::nanosleep(&moment, nullptr) == 0
                                   : ::ppoll(nullptr, 0, &moment, nullptr) == 0;
        if (!ok) ++interrupted;
        ++rounds;
      }
    });
  }
  while (rounds < 100) std::this_thread::yield();

  snapshot(argv[1]);

  const std::uint64_t before = rounds;
  while (rounds < before + 100) std::this_thread::yield();
  stop = true;
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(interrupted.load(), 0);
}
