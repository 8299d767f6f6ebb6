// Interval timers of all three clocks. They go on where they were, not from the
// start, and deliver their signals in the clone.
#include <sys/time.h>
#include <unistd.h>

#include <csignal>

#include "tests/guests/guest.h"

using namespace fw::guest;

namespace {

volatile int alarms = 0;
volatile int profiling = 0;

}  // namespace

int main(int, char** argv) {
  struct sigaction action {};
  action.sa_handler = [](int) { alarms = alarms + 1; };
  EXPECT_OK(::sigaction(SIGALRM, &action, nullptr));
  action.sa_handler = [](int) { profiling = profiling + 1; };
  EXPECT_OK(::sigaction(SIGPROF, &action, nullptr));
  const itimerval real{{0, 100'000}, {0, 300'000}};
  const itimerval virtual_time{{1000, 0}, {500, 0}};
  const itimerval profile{{0, 0}, {0, 50'000}};
  EXPECT_OK(::setitimer(ITIMER_VIRTUAL, &virtual_time, nullptr));
  EXPECT_OK(::setitimer(ITIMER_PROF, &profile, nullptr));
  EXPECT_OK(::setitimer(ITIMER_REAL, &real, nullptr));

  snapshot(argv[1]);

  itimerval now{};
  EXPECT_OK(::getitimer(ITIMER_VIRTUAL, &now));
  EXPECT_EQ(now.it_interval.tv_sec, 1000);
  EXPECT(now.it_value.tv_sec > 400 && now.it_value.tv_sec <= 500);
  EXPECT_OK(::getitimer(ITIMER_REAL, &now));
  EXPECT_EQ(now.it_interval.tv_usec, 100'000);
  EXPECT(now.it_value.tv_sec == 0 && now.it_value.tv_usec <= 300'000);
  while (alarms < 3) ::pause();
  // This one counts the processor time that the clone uses.
  while (profiling == 0) {
  }
  EXPECT_OK(::getitimer(ITIMER_PROF, &now));
  EXPECT_EQ(now.it_value.tv_usec, 0);
}
