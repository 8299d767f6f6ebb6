// Edge triggered and one-shot members of an epoll set. An edge may be told once more
// after a restore, as the kernel itself may do; none may be lost. A one-shot member
// that has fired stays silent until it is armed again.
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "tests/guests/guest.h"

using namespace fw::guest;

namespace {

int ready(int set, epoll_event* event) { return ::epoll_wait(set, event, 1, 0); }

}  // namespace

int main(int, char** argv) {
  const int edges = ::epoll_create1(0);
  const int shots = ::epoll_create1(0);
  const int unseen = ::eventfd(1, EFD_NONBLOCK);
  int fired[2];
  EXPECT_OK(::pipe(fired));
  epoll_event wanted{EPOLLIN | EPOLLET, {.fd = unseen}};
  EXPECT_OK(::epoll_ctl(edges, EPOLL_CTL_ADD, unseen, &wanted));
  wanted = {EPOLLIN | EPOLLONESHOT, {.fd = fired[0]}};
  EXPECT_OK(::epoll_ctl(shots, EPOLL_CTL_ADD, fired[0], &wanted));
  EXPECT_EQ(::write(fired[1], "x", 1), 1);
  epoll_event got{};
  EXPECT_EQ(ready(shots, &got), 1);
  EXPECT_EQ(ready(shots, &got), 0);

  snapshot(argv[1]);

  EXPECT_EQ(ready(edges, &got), 1);
  EXPECT_EQ(got.data.fd, unseen);
  EXPECT_EQ(got.events, EPOLLIN);
  EXPECT_EQ(ready(edges, &got), 0);
  EXPECT_OK(::eventfd_write(unseen, 1));
  EXPECT_EQ(ready(edges, &got), 1);
  EXPECT_EQ(ready(edges, &got), 0);

  EXPECT_EQ(ready(shots, &got), 0);
  EXPECT_EQ(::write(fired[1], "y", 1), 1);
  EXPECT_EQ(ready(shots, &got), 0);
  EXPECT_OK(::epoll_ctl(shots, EPOLL_CTL_MOD, fired[0], &wanted));
  EXPECT_EQ(ready(shots, &got), 1);
  EXPECT_EQ(got.data.fd, fired[0]);
  EXPECT_EQ(ready(shots, &got), 0);
}
