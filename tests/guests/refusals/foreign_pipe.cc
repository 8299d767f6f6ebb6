// A pipe whose other end another process holds. That is no child of the guest's, or
// the child would be the reason.
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/guests/guest.h"

using namespace fw::guest;

int main(int, char** argv) {
  int orders[2];
  int answers[2];
  EXPECT_OK(::pipe(orders));
  EXPECT_OK(::pipe(answers));
  const pid_t child = ::fork();
  if (child == 0) {
    if (::fork() == 0) {
      ::close(orders[1]);
      ::close(answers[0]);
      ::prctl(PR_SET_NAME, "the-other");
      const pid_t self = ::getpid();
      if (::write(answers[1], &self, sizeof self) < 0) ::_exit(1);
      char byte = 0;
      ::_exit(::read(orders[0], &byte, 1) == 0 ? 0 : 1);  // lives until the guest closes
    }
    ::_exit(0);
  }
  EXPECT_EQ(::waitpid(child, nullptr, 0), child);
  ::close(orders[0]);
  ::close(answers[1]);
  pid_t other = 0;
  EXPECT_EQ(::read(answers[0], &other, sizeof other), static_cast<ssize_t>(sizeof other));
  ::close(answers[0]);
  expect_refused(argv[1], -EBUSY,
                 {"descriptor " + std::to_string(orders[1]), "pipe",
                  "process " + std::to_string(other), "the-other"});
  ::close(orders[1]);

  snapshot(argv[1]);
}
