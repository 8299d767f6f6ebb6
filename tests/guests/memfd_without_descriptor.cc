// Shared memory whose descriptor was closed: only the mapping knows it any more.
// Mapped privately, too, where the pages written are the process's own.
#include <sys/mman.h>
#include <unistd.h>

#include "tests/guests/guest.h"

using namespace fw::guest;

int main(int, char** argv) {
  constexpr std::size_t kSize = 12 * kPage;
  const int fd = ::memfd_create("closed", 0);
  EXPECT_OK(::ftruncate(fd, kSize));
  auto* shared =
      static_cast<char*>(::mmap(nullptr, kSize, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
  auto* own =
      static_cast<char*>(::mmap(nullptr, kSize, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0));
  EXPECT(shared != MAP_FAILED && own != MAP_FAILED);
  ::close(fd);
  fill(shared, kSize, 1);
  fill(own + kPage, kPage, 2);

  snapshot(argv[1]);

  EXPECT(holds(shared, kSize, 1));
  EXPECT(holds(own, kPage, 1));
  EXPECT(holds(own + kPage, kPage, 2));
  fill(shared, kSize, 3);
  EXPECT(holds(shared, kSize, 3));
  EXPECT(holds(own + kPage, kPage, 2));
}
