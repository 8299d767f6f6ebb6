// Pages that hold data and may not be touched (PROT_NONE), as a guard or a frozen
// heap has them: the contents are state even while nobody can read them.
#include <sys/mman.h>

#include "tests/guests/guest.h"

using namespace fw::guest;

int main(int, char** argv) {
  constexpr std::size_t kSize = 64 * kPage;
  char* memory = map_anonymous(kSize, PROT_READ | PROT_WRITE);
  fill(memory, kSize, 1);
  EXPECT_OK(::mprotect(memory, kSize, PROT_NONE));

  snapshot(argv[1]);

  for (std::size_t at = 0; at < kSize; at += kPage) EXPECT(!can_read(memory + at));
  EXPECT_OK(::mprotect(memory, kSize, PROT_READ));
  EXPECT(holds(memory, kSize, 1));
  EXPECT(!can_write(memory));
  EXPECT_OK(::mprotect(memory, kSize, PROT_READ | PROT_WRITE));
  fill(memory, kSize, 2);
  EXPECT(holds(memory, kSize, 2));
}
