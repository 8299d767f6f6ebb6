// Threads made after a restore: pthread_create takes stacks from glibc's cache and
// ids from the kernel, and must collide with nothing that was restored.
#include <pthread.h>
#include <unistd.h>

#include <atomic>
#include <set>
#include <thread>
#include <vector>

#include "tests/guests/guest.h"

using namespace fw::guest;

namespace {

std::set<pid_t> run_threads(int count) {
  std::vector<std::thread> threads;
  std::vector<pid_t> ids(static_cast<std::size_t>(count));
  std::atomic<int> running{0};
  for (pid_t& id : ids) {
    threads.emplace_back([&] {
      id = ::gettid();
      ++running;
      while (running < count) std::this_thread::yield();
      EXPECT_EQ(::pthread_setname_np(::pthread_self(), "new"), 0);
    });
  }
  for (std::thread& thread : threads) thread.join();
  return {ids.begin(), ids.end()};
}

}  // namespace

int main(int, char** argv) {
  EXPECT_EQ(run_threads(10).size(), 10U);  // fills the cache of stacks

  snapshot(argv[1]);

  for (int round = 0; round < 5; ++round) {
    const std::set<pid_t> ids = run_threads(20);
    EXPECT_EQ(ids.size(), 20U);
    EXPECT(!ids.contains(::getpid()));
    EXPECT(!ids.contains(0));
  }
}
