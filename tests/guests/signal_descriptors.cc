// A signalfd: which signals it takes, whether it waits, whether exec() closes it.
#include <fcntl.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include <csignal>

#include "tests/guests/guest.h"

using namespace fw::guest;

int main(int, char** argv) {
  sigset_t set{};
  ::sigaddset(&set, SIGUSR1);
  ::sigaddset(&set, SIGRTMIN + 3);
  EXPECT_OK(::sigprocmask(SIG_BLOCK, &set, nullptr));
  const int fd = ::signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
  EXPECT_OK(fd);

  snapshot(argv[1]);

  signalfd_siginfo info{};
  EXPECT_EQ(::read(fd, &info, sizeof info), -1);
  EXPECT_EQ(errno, EAGAIN);
  EXPECT_EQ(::fcntl(fd, F_GETFD), FD_CLOEXEC);
  EXPECT_OK(::sigqueue(::getpid(), SIGRTMIN + 3, {.sival_int = 5}));
  EXPECT_EQ(::read(fd, &info, sizeof info), static_cast<ssize_t>(sizeof info));
  EXPECT_EQ(info.ssi_signo, SIGRTMIN + 3);
  EXPECT_EQ(info.ssi_int, 5);
  EXPECT_EQ(info.ssi_pid, ::getpid());
  EXPECT_OK(::kill(::getpid(), SIGUSR1));
  EXPECT_EQ(::read(fd, &info, sizeof info), static_cast<ssize_t>(sizeof info));
  EXPECT_EQ(info.ssi_signo, SIGUSR1);
}
