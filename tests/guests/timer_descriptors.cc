// Timer descriptors: armed far ahead, disarmed, expired with ticks that nobody read,
// and periodic in each of these states. A periodic one must tick on.
#include <fcntl.h>
#include <poll.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "tests/guests/guest.h"

using namespace fw::guest;

namespace {

int make(int clock, itimerspec when, int flags = TFD_NONBLOCK) {
  const int fd = ::timerfd_create(clock, flags);
  EXPECT_OK(fd);
  EXPECT_OK(::timerfd_settime(fd, 0, &when, nullptr));
  return fd;
}

itimerspec left(int fd) {
  itimerspec now{};
  EXPECT_OK(::timerfd_gettime(fd, &now));
  return now;
}

void wait_for(int fd) {
  pollfd wanted{fd, POLLIN, 0};
  EXPECT_EQ(::poll(&wanted, 1, 30'000), 1);
}

std::uint64_t ticks(int fd) {
  std::uint64_t n = 0;
  return ::read(fd, &n, sizeof n) == sizeof n ? n : 0;
}

}  // namespace

int main(int, char** argv) {
  constexpr long kMs = 1'000'000;
  const int far = make(CLOCK_MONOTONIC, {{0, 0}, {1000, 0}});
  const int far_periodic = make(CLOCK_REALTIME, {{7, 9}, {1000, 0}}, TFD_CLOEXEC);
  const int disarmed = make(CLOCK_BOOTTIME, {{0, 0}, {0, 0}});
  const int expired = make(CLOCK_MONOTONIC, {{0, 0}, {0, 1}});
  const int slow = make(CLOCK_MONOTONIC, {{1000, 0}, {0, 1}});
  const int fast = make(CLOCK_MONOTONIC, {{0, 5 * kMs}, {0, 1}});
  const int read_once = make(CLOCK_MONOTONIC, {{0, 20 * kMs}, {0, 1}});
  for (const int fd : {expired, slow, fast, read_once}) wait_for(fd);
  EXPECT(ticks(read_once) > 0);

  snapshot(argv[1]);

  EXPECT(left(far).it_value.tv_sec > 900 && left(far).it_value.tv_sec <= 1000);
  EXPECT_EQ(left(far).it_interval.tv_sec, 0);
  EXPECT_EQ(ticks(far), 0);
  EXPECT(left(far_periodic).it_value.tv_sec > 900);
  EXPECT_EQ(left(far_periodic).it_interval.tv_sec, 7);
  EXPECT_EQ(left(far_periodic).it_interval.tv_nsec, 9);
  EXPECT_EQ(::fcntl(far_periodic, F_GETFD), FD_CLOEXEC);
  EXPECT_EQ(left(disarmed).it_value.tv_sec, 0);
  EXPECT_EQ(left(disarmed).it_value.tv_nsec, 0);
  EXPECT_EQ(ticks(disarmed), 0);

  EXPECT_EQ(ticks(expired), 1);
  EXPECT_EQ(ticks(expired), 0);
  EXPECT_EQ(left(expired).it_value.tv_nsec, 0);
  // A long period: one tick pending, the next one far away, but coming.
  EXPECT_EQ(ticks(slow), 1);
  EXPECT_EQ(left(slow).it_interval.tv_sec, 1000);
  EXPECT(left(slow).it_value.tv_sec > 900);
  // A short one: it ticks on by itself.
  EXPECT(ticks(fast) >= 1);
  for (int i = 0; i < 3; ++i) {
    wait_for(fast);
    EXPECT(ticks(fast) >= 1);
  }
  wait_for(read_once);
  EXPECT(ticks(read_once) >= 1);
  EXPECT_EQ(left(read_once).it_interval.tv_nsec, 20 * kMs);
}
