// Seals of a memfd, mapped and not: what could not be done to it cannot be done to
// the restored one.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/guests/guest.h"

using namespace fw::guest;

int main(int, char** argv) {
  const int fd = ::memfd_create("sealed", MFD_ALLOW_SEALING);
  EXPECT_EQ(::write(fd, "kept", 4), 4);
  EXPECT_OK(::fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE));
  void* mapped = ::mmap(nullptr, kPage, PROT_READ, MAP_SHARED, fd, 0);
  EXPECT(mapped != MAP_FAILED);
  const int unsealable = ::memfd_create("unsealable", 0);
  EXPECT_EQ(::write(unsealable, "x", 1), 1);

  snapshot(argv[1]);

  EXPECT_EQ(::fcntl(fd, F_GET_SEALS), F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE);
  EXPECT_EQ(::pwrite(fd, "lost", 4, 0), -1);
  EXPECT_EQ(errno, EPERM);
  EXPECT_EQ(::ftruncate(fd, 100), -1);
  EXPECT_EQ(std::string(static_cast<char*>(mapped), 4), "kept");
  EXPECT_OK(::fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL));
  // A memfd made without MFD_ALLOW_SEALING has the one seal that forbids others.
  EXPECT_EQ(::fcntl(unsealable, F_GET_SEALS), F_SEAL_SEAL);
  EXPECT_EQ(::pwrite(unsealable, "y", 1, 0), 1);
}
