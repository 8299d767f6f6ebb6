// eventfds: counters, semaphores, those that do not wait, and one that is full.
#include <fcntl.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "tests/guests/guest.h"

using namespace fw::guest;

int main(int, char** argv) {
  constexpr std::uint64_t kFull = 0xfffffffffffffffe;
  const int counter = ::eventfd(0, EFD_NONBLOCK);
  EXPECT_OK(::eventfd_write(counter, 0x123456789abcdef));
  const int empty = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  const int semaphore = ::eventfd(3, EFD_SEMAPHORE | EFD_NONBLOCK);
  const int full = ::eventfd(0, EFD_NONBLOCK);
  EXPECT_OK(::eventfd_write(full, kFull));
  const int waiting = ::eventfd(1, 0);
  const int same = ::dup(semaphore);

  snapshot(argv[1]);

  eventfd_t value = 0;
  EXPECT_OK(::eventfd_read(counter, &value));
  EXPECT_EQ(value, 0x123456789abcdef);
  EXPECT_EQ(::eventfd_read(counter, &value), -1);
  EXPECT_EQ(::eventfd_read(empty, &value), -1);
  EXPECT_EQ(errno, EAGAIN);
  EXPECT_EQ(::fcntl(empty, F_GETFD), FD_CLOEXEC);
  for (const int fd : {semaphore, same, semaphore}) {
    EXPECT_OK(::eventfd_read(fd, &value));
    EXPECT_EQ(value, 1);
  }
  EXPECT_EQ(::eventfd_read(same, &value), -1);
  EXPECT_EQ(::eventfd_write(full, 1), -1);
  EXPECT_EQ(errno, EAGAIN);
  EXPECT_OK(::eventfd_read(full, &value));
  EXPECT_EQ(value, kFull);
  EXPECT_EQ(::fcntl(waiting, F_GETFL) & O_NONBLOCK, 0);
  EXPECT_OK(::eventfd_read(waiting, &value));
  EXPECT_EQ(value, 1);
}
