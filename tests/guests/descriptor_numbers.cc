// Descriptors at unusual numbers, in unusual order: ends of pipes far apart, the
// writer below the reader, one number directly above another kind. Numbers between
// them are free, and the next descriptor opened gets the lowest.
#include <fcntl.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "tests/guests/guest.h"

using namespace fw::guest;

namespace {

void move(int fd, int number) {
  EXPECT_OK(::dup2(fd, number));
  ::close(fd);
}

void expect_pipe(int reader, int writer) {
  char byte = 0;
  EXPECT_EQ(::write(writer, "x", 1), 1);
  EXPECT_EQ(::read(reader, &byte, 1), 1);
}

}  // namespace

int main(int, char** argv) {
  int first[2];
  int second[2];
  int third[2];
  EXPECT_OK(::pipe(first));
  EXPECT_OK(::pipe(second));
  EXPECT_OK(::pipe(third));
  move(first[0], 800);
  move(first[1], 17);
  move(second[0], 100);
  move(second[1], 799);
  move(third[0], 4);
  move(third[1], 3);
  const int event = ::eventfd(3, 0);
  move(event, 801);
  const int set = ::epoll_create1(0);
  move(set, 16);
  epoll_event wanted{EPOLLIN, {.fd = 801}};
  EXPECT_OK(::epoll_ctl(16, EPOLL_CTL_ADD, 801, &wanted));
  const int file = ::open("/dev/null", O_RDWR);
  move(file, 500);

  snapshot(argv[1]);

  expect_pipe(800, 17);
  expect_pipe(100, 799);
  expect_pipe(4, 3);
  epoll_event got{};
  EXPECT_EQ(::epoll_wait(16, &got, 1, 0), 1);
  EXPECT_EQ(got.data.fd, 801);
  EXPECT_EQ(::write(500, "x", 1), 1);
  EXPECT_EQ(::dup(0), 5);
  for (const int free : {6, 15, 18, 99, 101, 499, 501, 798, 802}) {
    EXPECT_EQ(::fcntl(free, F_GETFD), -1);
  }
}
