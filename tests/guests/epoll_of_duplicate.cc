// An epoll set remembers open files, not numbers. A file registered under two
// numbers is in the set twice, once for each.
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "tests/guests/guest.h"

using namespace fw::guest;

int main(int, char** argv) {
  const int set = ::epoll_create1(0);
  const int event = ::eventfd(1, 0);
  const int same = ::dup(event);
  for (const int fd : {event, same}) {
    epoll_event wanted{EPOLLIN, {.fd = fd}};
    EXPECT_OK(::epoll_ctl(set, EPOLL_CTL_ADD, fd, &wanted));
  }

  snapshot(argv[1]);

  epoll_event got[4];
  EXPECT_EQ(::epoll_wait(set, got, 4, 0), 2);
  EXPECT(got[0].data.fd != got[1].data.fd);
  EXPECT_OK(::epoll_ctl(set, EPOLL_CTL_DEL, same, nullptr));
  EXPECT_EQ(::epoll_wait(set, got, 4, 0), 1);
  EXPECT_EQ(got[0].data.fd, event);
}
