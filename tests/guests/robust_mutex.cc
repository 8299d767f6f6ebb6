// A robust mutex: the kernel releases it when its owner ends, by the list each thread
// registered with it. A restored thread must be registered again, or whoever waits
// for the mutex waits for ever.
#include <linux/futex.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <semaphore>
#include <thread>

#include "tests/guests/guest.h"

using namespace fw::guest;

int main(int, char** argv) {
  pthread_mutexattr_t attributes;
  EXPECT_EQ(::pthread_mutexattr_init(&attributes), 0);
  EXPECT_EQ(::pthread_mutexattr_setrobust(&attributes, PTHREAD_MUTEX_ROBUST), 0);
  pthread_mutex_t mutex;
  EXPECT_EQ(::pthread_mutex_init(&mutex, &attributes), 0);
  std::atomic<bool> locked{false};
  std::binary_semaphore end{0};
  // Ends with the mutex held.
  std::thread owner([&] {
    EXPECT_EQ(::pthread_mutex_lock(&mutex), 0);
    locked = true;
    end.acquire();
  });
  while (!locked) std::this_thread::yield();
  std::atomic<int> result{-1};
  std::thread waiter([&] { result = ::pthread_mutex_lock(&mutex); });
  wait_until_blocked(SYS_futex, 2);

  snapshot(argv[1]);

  std::uint64_t list = 0;
  std::size_t size = 0;
  EXPECT_OK(::syscall(SYS_get_robust_list, 0, &list, &size));
  EXPECT(list != 0);
  EXPECT_EQ(size, sizeof(robust_list_head));
  EXPECT_EQ(result.load(), -1);
  end.release();
  owner.join();
  waiter.join();
  EXPECT_EQ(result.load(), EOWNERDEAD);
}
