// Mutexes of all kinds that are held at the snapshot by a thread that goes on, while
// others wait for them. A recursive or error-checking one knows its owner's tid, so
// that must be the same afterwards.
#include <pthread.h>
#include <sys/syscall.h>

#include <atomic>
#include <semaphore>
#include <thread>
#include <vector>

#include "tests/guests/guest.h"

using namespace fw::guest;

namespace {

constexpr int kKinds[] = {PTHREAD_MUTEX_NORMAL, PTHREAD_MUTEX_RECURSIVE, PTHREAD_MUTEX_ERRORCHECK,
                          PTHREAD_MUTEX_ADAPTIVE_NP};
constexpr int kCount = 4;
pthread_mutex_t held[kCount];
pthread_mutex_t held_by_caller[kCount];
std::binary_semaphore let_go{0};
std::atomic<int> entered{0};

void make(pthread_mutex_t* mutex, int kind) {
  pthread_mutexattr_t attributes;
  EXPECT_EQ(::pthread_mutexattr_init(&attributes), 0);
  EXPECT_EQ(::pthread_mutexattr_settype(&attributes, kind), 0);
  EXPECT_EQ(::pthread_mutex_init(mutex, &attributes), 0);
}

}  // namespace

int main(int, char** argv) {
  for (int i = 0; i < kCount; ++i) {
    make(&held[i], kKinds[i]);
    make(&held_by_caller[i], kKinds[i]);
    EXPECT_EQ(::pthread_mutex_lock(&held_by_caller[i]), 0);
  }
  EXPECT_EQ(::pthread_mutex_lock(&held_by_caller[1]), 0);  // the recursive one, twice
  std::atomic<bool> locked{false};
  std::thread owner([&] {
    for (pthread_mutex_t& mutex : held) EXPECT_EQ(::pthread_mutex_lock(&mutex), 0);
    locked = true;
    let_go.acquire();
    EXPECT_EQ(entered.load(), 0);
    for (pthread_mutex_t& mutex : held) EXPECT_EQ(::pthread_mutex_unlock(&mutex), 0);
  });
  while (!locked) std::this_thread::yield();
  std::vector<std::thread> waiters;
  for (pthread_mutex_t& mutex : held) {
    waiters.emplace_back([&mutex] {
      EXPECT_EQ(::pthread_mutex_lock(&mutex), 0);
      ++entered;
      EXPECT_EQ(::pthread_mutex_unlock(&mutex), 0);
    });
  }
  wait_until_blocked(SYS_futex, kCount + 1);

  snapshot(argv[1]);

  EXPECT_EQ(entered.load(), 0);
  for (pthread_mutex_t& mutex : held) EXPECT_EQ(::pthread_mutex_trylock(&mutex), EBUSY);
  EXPECT_EQ(::pthread_mutex_lock(&held_by_caller[2]), EDEADLK);
  EXPECT_EQ(::pthread_mutex_unlock(&held_by_caller[1]), 0);
  for (pthread_mutex_t& mutex : held_by_caller) EXPECT_EQ(::pthread_mutex_unlock(&mutex), 0);
  let_go.release();
  owner.join();
  for (std::thread& waiter : waiters) waiter.join();
  EXPECT_EQ(entered.load(), kCount);
}
