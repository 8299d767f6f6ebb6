// A POSIX timer, armed or not.
#include <csignal>
#include <ctime>

#include "tests/guests/guest.h"

using namespace fw::guest;

int main(int, char** argv) {
  timer_t timer{};
  sigevent event{};
  event.sigev_notify = SIGEV_SIGNAL;
  event.sigev_signo = SIGUSR1;
  EXPECT_OK(::timer_create(CLOCK_MONOTONIC, &event, &timer));
  expect_refused(argv[1], -EBUSY, {"POSIX timer", "delete it", "timerfd"});
  EXPECT_OK(::timer_delete(timer));

  snapshot(argv[1]);
}
