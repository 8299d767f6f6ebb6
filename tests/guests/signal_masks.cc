// The signals that each thread blocks, in the kernel's own words.
#include <pthread.h>
#include <sys/syscall.h>

#include <atomic>
#include <csignal>
#include <filesystem>
#include <semaphore>
#include <set>
#include <thread>

#include "tests/guests/guest.h"

using namespace fw::guest;

namespace {

void block(std::initializer_list<int> signals) {
  sigset_t set{};
  for (const int signo : signals) ::sigaddset(&set, signo);
  EXPECT_EQ(::pthread_sigmask(SIG_SETMASK, &set, nullptr), 0);
}

std::multiset<std::string> masks() {
  std::multiset<std::string> all;
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    all.insert(field(contents(task.path().string() + "/status"), "SigBlk"));
  }
  return all;
}

}  // namespace

int main(int, char** argv) {
  std::counting_semaphore<> go{0};
  std::atomic<int> ready{0};
  const auto live = [&](std::initializer_list<int> signals) {
    block(signals);
    ++ready;
    go.acquire();
    go.release();
  };
  std::thread none(live, std::initializer_list<int>{});
  std::thread some(live, std::initializer_list<int>{SIGUSR1, SIGTERM, SIGRTMAX});
  std::thread many([&] {
    sigset_t all{};
    ::sigfillset(&all);
    EXPECT_EQ(::pthread_sigmask(SIG_SETMASK, &all, nullptr), 0);
    ++ready;
    go.acquire();
    go.release();
  });
  block({SIGUSR2, SIGRTMIN});
  while (ready < 3) std::this_thread::yield();
  const std::multiset<std::string> before = masks();
  EXPECT_EQ(before.size(), 4U);

  snapshot(argv[1]);

  // A thread on its way out of the parking signal blocks everything for a moment.
  wait_until_blocked(SYS_futex, 3);
  while (masks() != before) std::this_thread::yield();
  sigset_t now{};
  EXPECT_EQ(::pthread_sigmask(SIG_BLOCK, nullptr, &now), 0);
  EXPECT(::sigismember(&now, SIGUSR2) == 1 && ::sigismember(&now, SIGUSR1) == 0);
  go.release();
  none.join();
  some.join();
  many.join();
}
