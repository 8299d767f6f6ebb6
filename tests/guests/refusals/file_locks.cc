// Locks on files: a clone cannot hold the lock that the captured process holds.
#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include "tests/guests/guest.h"

using namespace fw::guest;

int main(int, char** argv) {
  const std::string path = folder_of(argv[1]) + "/locked";
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT, 0600);
  const std::string descriptor = "descriptor " + std::to_string(fd);
  EXPECT_OK(::flock(fd, LOCK_EX));
  expect_refused(argv[1], -EBUSY, {descriptor, path, "lock"});
  EXPECT_OK(::flock(fd, LOCK_UN));
  struct flock region {};
  region.l_type = F_WRLCK;
  EXPECT_OK(::fcntl(fd, F_SETLK, &region));
  expect_refused(argv[1], -EBUSY, {descriptor, path, "lock"});
  region.l_type = F_UNLCK;
  EXPECT_OK(::fcntl(fd, F_SETLK, &region));

  snapshot(argv[1]);

  EXPECT_EQ(::write(fd, "x", 1), 1);
}
