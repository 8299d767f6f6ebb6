// One memfd, opened again through /proc: two open files with positions and flags of
// their own, unlike duplicates.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/guests/guest.h"

using namespace fw::guest;

int main(int, char** argv) {
  const int fd = ::memfd_create("twice", 0);
  EXPECT_EQ(::write(fd, "0123456789", 10), 10);
  const int reader = ::open(("/proc/self/fd/" + std::to_string(fd)).c_str(), O_RDONLY);
  EXPECT_OK(reader);
  EXPECT_EQ(::lseek(reader, 3, SEEK_SET), 3);
  EXPECT_OK(::fcntl(fd, F_SETFL, O_APPEND));
  EXPECT_EQ(::lseek(fd, 1, SEEK_SET), 1);

  snapshot(argv[1]);

  char byte = 0;
  EXPECT_EQ(::read(reader, &byte, 1), 1);
  EXPECT_EQ(byte, '3');
  EXPECT_EQ(::read(fd, &byte, 1), 1);
  EXPECT_EQ(byte, '1');
  EXPECT_EQ(::write(fd, "a", 1), 1);  // appended
  EXPECT_EQ(::pread(reader, &byte, 1, 10), 1);
  EXPECT_EQ(byte, 'a');
  EXPECT_EQ(::lseek(reader, 0, SEEK_CUR), 4);
  EXPECT_EQ(::write(reader, "a", 1), -1);
  EXPECT_EQ(errno, EBADF);
}
