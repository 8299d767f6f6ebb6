// Flags of a pipe's two ends, each its own, and those of the descriptors: an end that
// does not wait, one closed by exec(), duplicates of an end.
#include <fcntl.h>
#include <unistd.h>

#include <csignal>

#include "tests/guests/guest.h"

using namespace fw::guest;

int main(int, char** argv) {
  int quiet[2];
  int plain[2];
  EXPECT_OK(::pipe2(quiet, O_NONBLOCK));
  EXPECT_OK(::fcntl(quiet[1], F_SETFD, FD_CLOEXEC));
  EXPECT_OK(::pipe2(plain, O_CLOEXEC));
  EXPECT_OK(::fcntl(plain[1], F_SETFL, O_NONBLOCK));
  const int same = ::fcntl(plain[0], F_DUPFD, 0);

  snapshot(argv[1]);

  const auto waits = [](int fd) { return (::fcntl(fd, F_GETFL) & O_NONBLOCK) == 0; };
  EXPECT(!waits(quiet[0]) && !waits(quiet[1]) && waits(plain[0]) && !waits(plain[1]));
  char byte = 0;
  EXPECT_EQ(::read(quiet[0], &byte, 1), -1);
  EXPECT_EQ(errno, EAGAIN);
  EXPECT_EQ(::fcntl(quiet[0], F_GETFD), 0);
  EXPECT_EQ(::fcntl(quiet[1], F_GETFD), FD_CLOEXEC);
  EXPECT_EQ(::fcntl(plain[0], F_GETFD), FD_CLOEXEC);
  EXPECT_EQ(::fcntl(same, F_GETFD), 0);
  // A duplicate shares the flags of the open file.
  EXPECT_OK(::fcntl(same, F_SETFL, O_NONBLOCK));
  EXPECT(!waits(plain[0]));
  EXPECT_OK(::close(plain[0]));
  EXPECT_EQ(::write(plain[1], "x", 1), 1);
  EXPECT_EQ(::read(same, &byte, 1), 1);
  EXPECT_OK(::close(same));
  EXPECT(SIG_ERR != ::signal(SIGPIPE, SIG_IGN));
  EXPECT_EQ(::write(plain[1], "x", 1), -1);
  EXPECT_EQ(errno, EPIPE);
}
