// A descriptor that sends signals about its state (O_ASYNC): to whom, the kernel does
// not tell.
#include <fcntl.h>
#include <unistd.h>

#include <csignal>

#include "tests/guests/guest.h"

using namespace fw::guest;

int main(int, char** argv) {
  ::signal(SIGIO, SIG_IGN);
  int ends[2];
  EXPECT_OK(::pipe(ends));
  EXPECT_OK(::fcntl(ends[0], F_SETFL, O_ASYNC));
  expect_refused(argv[1], -EBUSY, {"descriptor " + std::to_string(ends[0]), "O_ASYNC"});
  EXPECT_OK(::fcntl(ends[0], F_SETFL, 0));

  snapshot(argv[1]);
}
