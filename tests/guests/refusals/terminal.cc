// A terminal, and other devices that are more than memory.
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "tests/guests/guest.h"

using namespace fw::guest;

int main(int, char** argv) {
  const int fd = ::posix_openpt(O_RDWR | O_NOCTTY);
  if (fd < 0) skip("no pseudo terminals here");
  expect_refused(argv[1], -EBUSY, {"descriptor " + std::to_string(fd), "ptmx", "device"});
  ::close(fd);

  snapshot(argv[1]);
}
