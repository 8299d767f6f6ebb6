// Descriptors of a memfd: contents, holes, size, position, and two descriptors that
// share one position.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <vector>

#include "tests/guests/guest.h"

using namespace fw::guest;

int main(int, char** argv) {
  constexpr std::size_t kSize = 300 * kPage + 123;
  std::vector<char> text(kSize);
  fill(text.data() + 200 * kPage, 50 * kPage, 1);
  const int fd = ::memfd_create("notes", MFD_CLOEXEC);
  EXPECT_OK(fd);
  EXPECT_OK(::ftruncate(fd, kSize));
  EXPECT_EQ(::pwrite(fd, text.data() + 200 * kPage, 50 * kPage, 200 * kPage), 50 * kPage);
  EXPECT_EQ(::lseek(fd, 777, SEEK_SET), 777);
  const int same = ::dup(fd);
  EXPECT_OK(same);

  snapshot(argv[1]);

  struct stat status {};
  EXPECT_OK(::fstat(fd, &status));
  EXPECT_EQ(status.st_size, kSize);
  EXPECT_EQ(::fcntl(fd, F_GETFD), FD_CLOEXEC);
  EXPECT_EQ(::fcntl(same, F_GETFD), 0);
  EXPECT_EQ(::lseek(same, 0, SEEK_CUR), 777);
  EXPECT_EQ(::lseek(fd, 5, SEEK_SET), 5);
  EXPECT_EQ(::lseek(same, 0, SEEK_CUR), 5);
  std::vector<char> now(kSize);
  EXPECT_EQ(::pread(fd, now.data(), kSize, 0), static_cast<ssize_t>(kSize));
  EXPECT(now == text);
  // Each clone has a memfd of its own.
  EXPECT_EQ(::pwrite(fd, "x", 1, kSize), 1);
  EXPECT_OK(::fstat(same, &status));
  EXPECT_EQ(status.st_size, kSize + 1);
}
