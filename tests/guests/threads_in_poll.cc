// Threads in poll, ppoll, select, sigtimedwait and semaphores: calls that the kernel
// never restarts by itself after a handler. None may return.
#include <poll.h>
#include <semaphore.h>
#include <sys/select.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <thread>
#include <vector>

#include "tests/guests/guest.h"

using namespace fw::guest;

int main(int, char** argv) {
  int ends[2];
  EXPECT_OK(::pipe(ends));
  sem_t semaphore;
  EXPECT_OK(::sem_init(&semaphore, 0, 0));
  std::atomic<int> returned{0};
  sigset_t usr1{};
  ::sigaddset(&usr1, SIGUSR1);
  ::pthread_sigmask(SIG_BLOCK, &usr1, nullptr);

  std::vector<std::thread> threads;
  const auto start = [&](long system_call, auto wait) {
    threads.emplace_back([wait, &returned] {
      wait();
      ++returned;
    });
    wait_until_blocked(system_call);
  };
  start(SYS_poll, [&] {
    pollfd wanted{ends[0], POLLIN, 0};
    EXPECT_EQ(::poll(&wanted, 1, -1), 1);
  });
  start(SYS_ppoll, [&] {
    pollfd wanted{ends[0], POLLIN, 0};
    const timespec long_time{3600, 0};
    EXPECT_EQ(::ppoll(&wanted, 1, &long_time, &usr1), 1);
  });
  start(SYS_pselect6, [&] {
    fd_set wanted;
    FD_ZERO(&wanted);
    FD_SET(ends[0], &wanted);
    EXPECT_EQ(::select(ends[0] + 1, &wanted, nullptr, nullptr, nullptr), 1);
  });
  start(SYS_rt_sigtimedwait, [&] {
    int signo = 0;
    EXPECT_EQ(::sigwait(&usr1, &signo), 0);
    EXPECT_EQ(signo, SIGUSR1);
  });
  start(SYS_futex, [&] { EXPECT_OK(::sem_wait(&semaphore)); });

  snapshot(argv[1]);

  for (const long call : {SYS_poll, SYS_ppoll, SYS_pselect6, SYS_rt_sigtimedwait, SYS_futex}) {
    wait_until_blocked(call);
  }
  EXPECT_EQ(returned.load(), 0);
  EXPECT_EQ(::write(ends[1], "!", 1), 1);
  EXPECT_OK(::kill(::getpid(), SIGUSR1));
  EXPECT_OK(::sem_post(&semaphore));
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(returned.load(), 5);
}
