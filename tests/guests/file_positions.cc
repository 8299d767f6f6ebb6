// Regular files: position, access mode, flags, and which descriptors share one open
// file and so one position.
#include <fcntl.h>
#include <unistd.h>

#include "tests/guests/guest.h"

using namespace fw::guest;

namespace {

off_t position(int fd) { return ::lseek(fd, 0, SEEK_CUR); }

}  // namespace

int main(int, char** argv) {
  const std::string path = folder_of(argv[1]) + "/text";
  const int writer = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  EXPECT_OK(writer);
  EXPECT_EQ(::write(writer, "0123456789", 10), 10);
  ::close(writer);
  const int reader = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  const int same = ::dup(reader);
  const int own = ::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_NOATIME);
  EXPECT_EQ(::lseek(reader, 3, SEEK_SET), 3);
  EXPECT_EQ(::lseek(own, 7, SEEK_SET), 7);
  const int flags[] = {::fcntl(reader, F_GETFL), ::fcntl(own, F_GETFL)};

  snapshot(argv[1]);

  EXPECT_EQ(::fcntl(reader, F_GETFL), flags[0]);
  EXPECT_EQ(::fcntl(own, F_GETFL), flags[1]);
  EXPECT_EQ(::fcntl(reader, F_GETFD), FD_CLOEXEC);
  EXPECT_EQ(::fcntl(same, F_GETFD), 0);
  char byte = 0;
  EXPECT_EQ(::read(same, &byte, 1), 1);
  EXPECT_EQ(byte, '3');
  EXPECT_EQ(position(reader), 4);
  EXPECT_EQ(position(own), 7);
  EXPECT_EQ(::read(own, &byte, 1), 1);
  EXPECT_EQ(byte, '7');
  EXPECT_EQ(::write(reader, "x", 1), -1);
  EXPECT_EQ(errno, EBADF);
}
