// A named pipe: who else has it open is not known.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/guests/guest.h"

using namespace fw::guest;

int main(int, char** argv) {
  const std::string path = folder_of(argv[1]) + "/fifo";
  EXPECT_OK(::mkfifo(path.c_str(), 0600));
  const int fd = ::open(path.c_str(), O_RDWR | O_CLOEXEC);
  EXPECT_OK(fd);
  expect_refused(argv[1], -EBUSY, {"descriptor " + std::to_string(fd), path, "named pipe"});
  ::close(fd);

  snapshot(argv[1]);
}
