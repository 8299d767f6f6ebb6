// A mapped file that was deleted or replaced, as a library is by an upgrade.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/guests/guest.h"

using namespace fw::guest;

int main(int, char** argv) {
  const std::string path = folder_of(argv[1]) + "/library";
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL, 0600);
  EXPECT_EQ(::write(fd, "code", 4), 4);
  void* memory = ::mmap(nullptr, kPage, PROT_READ | PROT_EXEC, MAP_PRIVATE, fd, 0);
  EXPECT(memory != MAP_FAILED);
  ::close(fd);
  EXPECT_OK(::unlink(path.c_str()));
  expect_refused(argv[1], -EBUSY, {path, "mapped", "deleted or replaced", "start the process"});
  EXPECT_EQ(std::string(static_cast<char*>(memory)), "code");
  EXPECT_OK(::munmap(memory, kPage));

  snapshot(argv[1]);
}
