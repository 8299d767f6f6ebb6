// Signals that were sent and not yet delivered: to the process, and to a thread.
#include <pthread.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <semaphore>
#include <thread>

#include "tests/guests/guest.h"

using namespace fw::guest;

namespace {

std::atomic<int> handled{0};

sigset_t only(int signo) {
  sigset_t set{};
  ::sigaddset(&set, signo);
  return set;
}

}  // namespace

int main(int, char** argv) {
  struct sigaction action {};
  action.sa_handler = [](int) { ++handled; };
  EXPECT_OK(::sigaction(SIGUSR1, &action, nullptr));
  EXPECT_OK(::sigaction(SIGRTMIN + 2, &action, nullptr));
  const sigset_t usr1 = only(SIGUSR1);
  EXPECT_EQ(::pthread_sigmask(SIG_BLOCK, &usr1, nullptr), 0);
  EXPECT_OK(::kill(::getpid(), SIGUSR1));
  expect_refused(argv[1], -EBUSY, {"signal 10", "the process"});
  EXPECT_EQ(handled.load(), 0);
  EXPECT_EQ(::pthread_sigmask(SIG_UNBLOCK, &usr1, nullptr), 0);
  EXPECT_EQ(handled.load(), 1);

  std::binary_semaphore unblock{0};
  std::atomic<bool> blocked{false};
  std::thread other([&] {
    const sigset_t real_time = only(SIGRTMIN + 2);
    EXPECT_EQ(::pthread_sigmask(SIG_BLOCK, &real_time, nullptr), 0);
    blocked = true;
    unblock.acquire();
    EXPECT_EQ(::pthread_sigmask(SIG_UNBLOCK, &real_time, nullptr), 0);
  });
  while (!blocked) std::this_thread::yield();
  EXPECT_EQ(::pthread_kill(other.native_handle(), SIGRTMIN + 2), 0);
  expect_refused(argv[1], -EBUSY, {"signal " + std::to_string(SIGRTMIN + 2), "a thread"});
  unblock.release();
  other.join();
  EXPECT_EQ(handled.load(), 2);

  snapshot(argv[1]);

  EXPECT_EQ(handled.load(), 2);
}
