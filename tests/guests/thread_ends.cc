// Threads that existed at the snapshot come to every kind of end after it: returning
// to a join that waits since before the snapshot, a join begun afterwards, detached,
// cancelled while blocked, and pthread_exit.
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <filesystem>
#include <semaphore>
#include <thread>

#include "tests/guests/guest.h"

using namespace fw::guest;

namespace {

std::counting_semaphore<> go{0};
std::atomic<int> cleaned{0};

void* number(int n) { return reinterpret_cast<void*>(static_cast<std::intptr_t>(n)); }

void* return_later(void* value) {
  go.acquire();
  return value;
}

void* exit_later(void* value) {
  go.acquire();
  ::pthread_exit(value);
}

void* wait_for_ever(void*) {
  struct Cleaner {
    ~Cleaner() { ++cleaned; }
  } cleaner;
  for (;;) ::pause();
}

void* join_the_other(void* other) {
  void* result = nullptr;
  EXPECT_EQ(::pthread_join(*static_cast<pthread_t*>(other), &result), 0);
  return result;
}

pthread_t start(void* (*body)(void*), void* argument) {
  pthread_t thread{};
  EXPECT_EQ(::pthread_create(&thread, nullptr, body, argument), 0);
  return thread;
}

std::size_t threads_now() {
  std::size_t n = 0;
  for ([[maybe_unused]] const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    ++n;
  }
  return n;
}

}  // namespace

int main(int, char** argv) {
  pthread_t returning = start(return_later, number(1));
  const pthread_t exiting = start(exit_later, number(2));
  const pthread_t blocked = start(wait_for_ever, nullptr);
  const pthread_t joining = start(join_the_other, &returning);
  const pthread_t detached = start(return_later, nullptr);
  EXPECT_EQ(::pthread_detach(detached), 0);
  wait_until_blocked(SYS_pause);
  wait_until_blocked(SYS_futex, 4);

  snapshot(argv[1]);

  void* result = nullptr;
  EXPECT_EQ(::pthread_tryjoin_np(exiting, &result), EBUSY);
  go.release(3);
  EXPECT_EQ(::pthread_join(joining, &result), 0);
  EXPECT_EQ(result, number(1));
  EXPECT_EQ(::pthread_join(exiting, &result), 0);
  EXPECT_EQ(result, number(2));
  EXPECT_EQ(::pthread_cancel(blocked), 0);
  EXPECT_EQ(::pthread_join(blocked, &result), 0);
  EXPECT_EQ(result, PTHREAD_CANCELED);
  EXPECT_EQ(cleaned.load(), 1);
  while (threads_now() > 1) std::this_thread::yield();
}
