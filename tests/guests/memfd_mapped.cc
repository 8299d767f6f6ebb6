// A memfd that is mapped twice, at different offsets, and open: all three are views
// of one memory, before and after.
#include <sys/mman.h>
#include <unistd.h>

#include "tests/guests/guest.h"

using namespace fw::guest;

namespace {

char* map_shared(int fd, std::size_t size, std::size_t offset, int prot) {
  void* mapped = ::mmap(nullptr, size, prot, MAP_SHARED, fd, static_cast<off_t>(offset));
  EXPECT(mapped != MAP_FAILED);
  return static_cast<char*>(mapped);
}

}  // namespace

int main(int, char** argv) {
  constexpr std::size_t kSize = 40 * kPage;
  const int fd = ::memfd_create("views", 0);
  EXPECT_OK(::ftruncate(fd, kSize));
  char* all = map_shared(fd, kSize, 0, PROT_READ | PROT_WRITE);
  char* part = map_shared(fd, 10 * kPage, 20 * kPage, PROT_READ);
  fill(all, kSize, 1);

  snapshot(argv[1]);

  EXPECT(holds(all, kSize, 1));
  fill(all + 20 * kPage, 10 * kPage, 2);
  EXPECT(holds(part, 10 * kPage, 2));
  EXPECT(!can_write(part));
  EXPECT_EQ(::pwrite(fd, "through the descriptor", 22, 25 * kPage), 22);
  EXPECT_EQ(std::string(part + 5 * kPage, 22), "through the descriptor");
  EXPECT_EQ(std::string(all + 25 * kPage, 22), "through the descriptor");
}
