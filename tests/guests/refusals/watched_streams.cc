// epoll sets with members that cannot come back: a standard stream, which belongs to
// whoever restores, and an open file that has lost the number it was registered by.
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "tests/guests/guest.h"

using namespace fw::guest;

int main(int, char** argv) {
  const int set = ::epoll_create1(0);
  const std::string name = "epoll descriptor " + std::to_string(set);
  int ends[2];
  EXPECT_OK(::pipe(ends));
  const int former = ::dup(0);
  EXPECT_OK(::dup2(ends[0], 0));
  epoll_event wanted{EPOLLIN, {.fd = 0}};
  EXPECT_OK(::epoll_ctl(set, EPOLL_CTL_ADD, 0, &wanted));
  expect_refused(argv[1], -EBUSY, {name, "descriptor 0", "whoever restores"});
  EXPECT_OK(::epoll_ctl(set, EPOLL_CTL_DEL, 0, nullptr));
  EXPECT_OK(::dup2(former, 0));
  ::close(former);
  ::close(ends[0]);
  ::close(ends[1]);

  // The file lives on under another number, and in the set under the old one.
  const int event = ::eventfd(0, 0);
  const int same = ::dup(event);
  wanted.data.fd = event;
  EXPECT_OK(::epoll_ctl(set, EPOLL_CTL_ADD, event, &wanted));
  ::close(event);
  expect_refused(argv[1], -EBUSY, {name, "descriptor " + std::to_string(event)});
  const int other = ::eventfd(0, 0);  // takes the number
  EXPECT_EQ(other, event);
  expect_refused(argv[1], -EBUSY, {name, "descriptor " + std::to_string(event)});
  ::close(same);
  ::close(other);

  snapshot(argv[1]);
}
