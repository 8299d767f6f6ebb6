// Descriptors that whoever restores hands to a clone, right above the image's own,
// while the restorer needs numbers for shared memory and pipes, too.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/guests/guest.h"

using namespace fw::guest;

int main(int, char** argv) {
  const int memory = ::memfd_create("own", 0);
  EXPECT_EQ(::write(memory, "own", 3), 3);
  auto* unnamed = static_cast<char*>(
      ::mmap(nullptr, 4 * kPage, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  fill(unnamed, 4 * kPage, 1);
  int ends[2];
  EXPECT_OK(::pipe(ends));
  const int first_free = ends[1] + 1;

  if (!snapshot(argv[1])) return 0;

  // The test handed on texts at the next three numbers.
  for (int i = 0; i < 3; ++i) {
    char text[16] = {};
    EXPECT(::pread(first_free + i, text, sizeof text, 0) > 0);
    EXPECT_EQ(std::string(text), "text " + std::to_string(i));
  }
  EXPECT_EQ(::fcntl(first_free + 3, F_GETFD), -1);
  char own[4] = {};
  EXPECT_EQ(::pread(memory, own, 3, 0), 3);
  EXPECT_EQ(std::string(own), "own");
  EXPECT(holds(unnamed, 4 * kPage, 1));
  EXPECT_EQ(::write(ends[1], "x", 1), 1);
}
