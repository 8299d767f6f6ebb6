// A child that is running.
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "tests/guests/guest.h"

using namespace fw::guest;

int main(int, char** argv) {
  int ends[2];
  EXPECT_OK(::pipe(ends));
  const pid_t child = ::fork();
  if (child == 0) {
    ::prctl(PR_SET_NAME, "the-child");
    EXPECT_EQ(::write(ends[1], "!", 1), 1);
    for (;;) ::pause();
  }
  char byte = 0;
  EXPECT_EQ(::read(ends[0], &byte, 1), 1);
  ::close(ends[0]);
  ::close(ends[1]);
  expect_refused(argv[1], -EBUSY, {"child process " + std::to_string(child), "the-child", "wait"});
  EXPECT_EQ(::waitpid(child, nullptr, WNOHANG), 0);  // it lives
  EXPECT_OK(::kill(child, SIGKILL));
  EXPECT_EQ(::waitpid(child, nullptr, 0), child);

  snapshot(argv[1]);
}
