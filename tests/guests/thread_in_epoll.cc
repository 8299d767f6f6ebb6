// A thread in epoll_wait, as every event loop: it sees no EINTR, and is woken by
// what happens in the clone.
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "tests/guests/guest.h"

using namespace fw::guest;

int main(int, char** argv) {
  const int set = ::epoll_create1(EPOLL_CLOEXEC);
  const int event = ::eventfd(0, EFD_NONBLOCK);
  epoll_event wanted{EPOLLIN, {.u64 = 0xfedcba9876543210}};
  EXPECT_OK(::epoll_ctl(set, EPOLL_CTL_ADD, event, &wanted));
  std::atomic<int> events{-2};
  epoll_event got{};
  std::thread loop([&] {
    const int n = ::epoll_wait(set, &got, 1, -1);
    events = n < 0 ? -errno : n;
  });
  wait_until_blocked_on(SYS_epoll_wait, static_cast<std::uint64_t>(set));

  snapshot(argv[1]);

  wait_until_blocked_on(SYS_epoll_wait, static_cast<std::uint64_t>(set));
  EXPECT_EQ(events.load(), -2);
  EXPECT_OK(::eventfd_write(event, 1));
  loop.join();
  EXPECT_EQ(events.load(), 1);
  EXPECT_EQ(got.data.u64, 0xfedcba9876543210U);
  EXPECT_EQ(got.events, EPOLLIN);
}
