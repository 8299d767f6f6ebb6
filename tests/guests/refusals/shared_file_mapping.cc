// A file mapped shared and writable: what clones write would reach the file.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/guests/guest.h"

using namespace fw::guest;

int main(int, char** argv) {
  const std::string path = folder_of(argv[1]) + "/database";
  const int fd = ::open(path.c_str(), O_RDWR | O_CREAT, 0600);
  EXPECT_OK(::ftruncate(fd, kPage));
  void* memory = ::mmap(nullptr, kPage, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  EXPECT(memory != MAP_FAILED);
  ::close(fd);
  fill(memory, kPage, 1);
  expect_refused(argv[1], -EBUSY, {path, "shared and writable"});
  EXPECT(holds(memory, kPage, 1));
  // Read-only is no danger: clones map the file, too.
  EXPECT_OK(::munmap(memory, kPage));
  const int reader = ::open(path.c_str(), O_RDONLY);
  memory = ::mmap(nullptr, kPage, PROT_READ, MAP_SHARED, reader, 0);
  EXPECT(memory != MAP_FAILED);
  ::close(reader);

  snapshot(argv[1]);

  EXPECT(holds(memory, kPage, 1));
}
