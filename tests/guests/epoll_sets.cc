// epoll sets: what they watch, for which events, with which data; nested ones; a set
// with many members; an empty one. Events that were ready stay ready.
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <vector>

#include "tests/guests/guest.h"

using namespace fw::guest;

namespace {

void watch(int set, int fd, std::uint32_t events, std::uint64_t data) {
  epoll_event wanted{events, {.u64 = data}};
  EXPECT_OK(::epoll_ctl(set, EPOLL_CTL_ADD, fd, &wanted));
}

std::vector<epoll_event> ready(int set) {
  std::vector<epoll_event> events(100);
  const int n = ::epoll_wait(set, events.data(), 100, 0);
  EXPECT_OK(n);
  events.resize(static_cast<std::size_t>(n));
  return events;
}

}  // namespace

int main(int, char** argv) {
  const int outer = ::epoll_create1(EPOLL_CLOEXEC);
  const int inner = ::epoll_create1(0);
  const int empty = ::epoll_create1(0);
  const int many = ::epoll_create1(0);
  int ends[2];
  EXPECT_OK(::pipe(ends));
  const int event = ::eventfd(0, EFD_NONBLOCK);
  watch(outer, inner, EPOLLIN, 1);
  watch(outer, ends[1], EPOLLOUT, 0xffffffffffffffff);
  watch(inner, event, EPOLLIN | EPOLLRDHUP | EPOLLPRI, 3);
  watch(inner, ends[0], EPOLLIN, 4);
  std::vector<int> members;
  for (int i = 0; i < 50; ++i) {
    members.push_back(::eventfd(i % 2 == 0 ? 1 : 0, EFD_NONBLOCK));
    watch(many, members.back(), EPOLLIN, static_cast<std::uint64_t>(i));
  }

  snapshot(argv[1]);

  EXPECT_EQ(ready(empty).size(), 0U);
  auto events = ready(outer);
  EXPECT_EQ(events.size(), 1U);
  EXPECT_EQ(events[0].data.u64, 0xffffffffffffffff);
  EXPECT_OK(::eventfd_write(event, 1));
  EXPECT_EQ(::write(ends[1], "x", 1), 1);
  EXPECT_EQ(ready(outer).size(), 2U);
  EXPECT_EQ(ready(inner).size(), 2U);
  eventfd_t value = 0;
  EXPECT_OK(::eventfd_read(event, &value));
  EXPECT_EQ(ready(inner).size(), 1U);
  EXPECT_EQ(ready(inner)[0].data.u64, 4U);

  events = ready(many);
  EXPECT_EQ(events.size(), 25U);
  for (const epoll_event& one : events) EXPECT_EQ(one.data.u64 % 2, 0U);
  epoll_event changed{EPOLLOUT, {.u64 = 99}};
  EXPECT_OK(::epoll_ctl(many, EPOLL_CTL_MOD, members[1], &changed));
  EXPECT_EQ(ready(many).size(), 26U);
  EXPECT_OK(::epoll_ctl(many, EPOLL_CTL_DEL, members[1], nullptr));
  EXPECT_EQ(::epoll_ctl(many, EPOLL_CTL_ADD, members[2], &changed), -1);
  EXPECT_EQ(errno, EEXIST);
  // A descriptor that is closed leaves its sets.
  ::close(members[0]);
  EXPECT_EQ(ready(many).size(), 24U);
}
