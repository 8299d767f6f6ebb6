// Threads that wait for a condition, with and without a time limit; what wakes them
// comes after the snapshot. A barrier that is half full is carried, too.
#include <pthread.h>
#include <sys/syscall.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "tests/guests/guest.h"

using namespace fw::guest;

int main(int, char** argv) {
  std::mutex mutex;
  std::condition_variable changed;
  bool ready = false;
  int woken = 0;
  std::atomic<bool> timed_out{false};
  pthread_barrier_t barrier;
  EXPECT_EQ(::pthread_barrier_init(&barrier, nullptr, 3), 0);

  std::vector<std::thread> threads;
  for (int i = 0; i < 6; ++i) {
    threads.emplace_back([&] {
      std::unique_lock lock(mutex);
      changed.wait(lock, [&] { return ready; });
      ++woken;
    });
  }
  threads.emplace_back([&] {
    std::unique_lock lock(mutex);
    if (!changed.wait_for(lock, std::chrono::hours(1), [&] { return ready; })) timed_out = true;
    ++woken;
  });
  for (int i = 0; i < 2; ++i) threads.emplace_back([&] { ::pthread_barrier_wait(&barrier); });
  wait_until_blocked(SYS_futex, 9);

  snapshot(argv[1]);

  {
    const std::lock_guard lock(mutex);
    EXPECT_EQ(woken, 0);
    ready = true;
  }
  changed.notify_all();
  ::pthread_barrier_wait(&barrier);
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(woken, 7);
  EXPECT(!timed_out);
  std::unique_lock lock(mutex);
  EXPECT(changed.wait_for(lock, std::chrono::milliseconds(5)) == std::cv_status::timeout);
}
