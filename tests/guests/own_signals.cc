// Signals that a clone sends to itself, in every way: they reach it and nobody else,
// with the right details.
#include <pthread.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <csignal>

#include "tests/guests/guest.h"

using namespace fw::guest;

namespace {

volatile int count = 0;
volatile int value = 0;
volatile pid_t sender = 0;

void handle(int, siginfo_t* info, void*) {
  count = count + 1;
  value = info->si_value.sival_int;
  sender = info->si_pid;
}

}  // namespace

int main(int, char** argv) {
  struct sigaction action {};
  action.sa_sigaction = handle;
  action.sa_flags = SA_SIGINFO;
  for (const int signo : {SIGUSR1, SIGTERM, SIGRTMIN + 1}) {
    EXPECT_OK(::sigaction(signo, &action, nullptr));
  }

  snapshot(argv[1]);

  EXPECT_OK(::kill(::getpid(), SIGUSR1));
  EXPECT_EQ(count, 1);
  EXPECT_EQ(sender, ::getpid());
  EXPECT_EQ(::raise(SIGTERM), 0);
  EXPECT_EQ(count, 2);
  EXPECT_EQ(::pthread_kill(::pthread_self(), SIGUSR1), 0);
  EXPECT_EQ(count, 3);
  EXPECT_OK(::sigqueue(::getpid(), SIGRTMIN + 1, {.sival_int = 4711}));
  EXPECT_EQ(count, 4);
  EXPECT_EQ(value, 4711);
  // Blocked, pending, delivered.
  sigset_t blocked{};
  sigset_t pending{};
  ::sigaddset(&blocked, SIGUSR1);
  EXPECT_OK(::sigprocmask(SIG_BLOCK, &blocked, nullptr));
  EXPECT_OK(::kill(::getpid(), SIGUSR1));
  EXPECT_EQ(count, 4);
  EXPECT_OK(::sigpending(&pending));
  EXPECT_EQ(::sigismember(&pending, SIGUSR1), 1);
  EXPECT_OK(::sigprocmask(SIG_UNBLOCK, &blocked, nullptr));
  EXPECT_EQ(count, 5);
}
