// Interval timers so fast, like a profiler's, that they expire while a capture blocks
// all signals; and one that expired once and whose signal the program blocks. Their
// signals are pending then, which must neither stand in the way nor get lost.
#include <sys/time.h>

#include <csignal>

#include "tests/guests/guest.h"

using namespace fw::guest;

namespace {

volatile int profiled = 0;
volatile int alarmed = 0;

void on_profile(int) { profiled = profiled + 1; }
void on_alarm(int) { alarmed = alarmed + 1; }

}  // namespace

int main(int, char** argv) {
  struct sigaction action {};
  action.sa_flags = SA_RESTART;
  action.sa_handler = on_profile;
  EXPECT_OK(::sigaction(SIGPROF, &action, nullptr));
  action.sa_handler = on_alarm;
  EXPECT_OK(::sigaction(SIGALRM, &action, nullptr));
  sigset_t blocked{};
  ::sigaddset(&blocked, SIGALRM);
  EXPECT_OK(::sigprocmask(SIG_BLOCK, &blocked, nullptr));
  const itimerval once{{0, 0}, {0, 1}};
  EXPECT_OK(::setitimer(ITIMER_REAL, &once, nullptr));
  const itimerval fast{{0, 1000}, {0, 1000}};
  EXPECT_OK(::setitimer(ITIMER_PROF, &fast, nullptr));
  sigset_t pending{};
  while (::sigismember(&pending, SIGALRM) != 1) EXPECT_OK(::sigpending(&pending));
  while (profiled < 2) {
  }

  snapshot(argv[1]);

  const int before = profiled;
  while (profiled < before + 3) {
  }
  EXPECT_EQ(alarmed, 0);
  do {
    EXPECT_OK(::sigpending(&pending));
  } while (::sigismember(&pending, SIGALRM) != 1);
  EXPECT_OK(::sigprocmask(SIG_UNBLOCK, &blocked, nullptr));
  EXPECT_EQ(alarmed, 1);
}
