// Clocks right after a restore. They are read through the vdso, code that the kernel
// puts at a random address and that is moved at a restore; a wrong address would
// crash, a wrong data page would tell a wrong time.
#include <sys/syscall.h>
#include <sys/time.h>
#include <unistd.h>

#include <ctime>

#include "tests/guests/guest.h"

using namespace fw::guest;

namespace {

std::int64_t ns(const timespec& t) { return t.tv_sec * std::int64_t{1'000'000'000} + t.tv_nsec; }

// The kernel's own answer before and after must enclose the vdso's.
void check(clockid_t clock) {
  timespec before{};
  timespec here{};
  timespec after{};
  EXPECT_OK(::syscall(SYS_clock_gettime, clock, &before));
  EXPECT_OK(::clock_gettime(clock, &here));
  EXPECT_OK(::syscall(SYS_clock_gettime, clock, &after));
  EXPECT(ns(before) <= ns(here) && ns(here) <= ns(after));
}

}  // namespace

int main(int, char** argv) {
  timespec earlier{};
  EXPECT_OK(::clock_gettime(CLOCK_MONOTONIC, &earlier));

  snapshot(argv[1]);

  timespec now{};
  EXPECT_OK(::clock_gettime(CLOCK_MONOTONIC, &now));
  EXPECT(ns(now) > ns(earlier));
  for (const clockid_t clock : {CLOCK_MONOTONIC, CLOCK_REALTIME, CLOCK_BOOTTIME,
                                CLOCK_MONOTONIC_RAW, CLOCK_REALTIME_COARSE, CLOCK_TAI}) {
    check(clock);
  }
  timeval day{};
  EXPECT_OK(::gettimeofday(&day, nullptr));
  timespec wall{};
  EXPECT_OK(::clock_gettime(CLOCK_REALTIME, &wall));
  EXPECT(wall.tv_sec - day.tv_sec <= 1);
  EXPECT(::time(nullptr) >= day.tv_sec);
  timespec resolution{};
  EXPECT_OK(::clock_getres(CLOCK_MONOTONIC, &resolution));
  EXPECT_EQ(resolution.tv_nsec, 1);
}
