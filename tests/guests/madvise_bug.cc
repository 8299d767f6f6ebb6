// Why madvise() is interposed. The kernel itself, asked to forget pages of what was
// anonymous memory before the snapshot, brings back the image's bytes, where the
// program expects zeros. If this guest fails, the interposition is not needed.
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/guests/guest.h"

using namespace fw::guest;

int main(int, char** argv) {
  constexpr std::size_t kSize = 64 * kPage;
  char* memory = map_anonymous(kSize, PROT_READ | PROT_WRITE);
  fill(memory, kSize, 1);

  const bool restored = snapshot(argv[1]);

  fill(memory, kSize, 2);
  EXPECT_OK(::syscall(SYS_madvise, memory, kSize, MADV_DONTNEED));
  if (restored) {
    EXPECT(holds(memory, kSize, 1));
  } else {
    EXPECT(holds_zeros(memory, kSize));
  }
}
