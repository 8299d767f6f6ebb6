// A child that has ended and that nobody has waited for.
#include <sys/wait.h>
#include <unistd.h>

#include "tests/guests/guest.h"

using namespace fw::guest;

int main(int, char** argv) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(5);
  siginfo_t ended{};
  EXPECT_OK(::waitid(P_PID, static_cast<id_t>(child), &ended, WEXITED | WNOWAIT));
  expect_refused(argv[1], -EBUSY, {"child process " + std::to_string(child), "wait"});
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(WEXITSTATUS(status), 5);

  snapshot(argv[1]);
}
