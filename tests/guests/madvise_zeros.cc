// madvise(MADV_DONTNEED) gives zeros after a restore as it did before, whatever the
// pages' protection, for whole mappings and for single pages. MADV_FREE, too, which
// the kernel would reject for what is a file mapping now.
#include <sys/mman.h>

#include "tests/guests/guest.h"

using namespace fw::guest;

namespace {

constexpr std::size_t kSize = 64 * kPage;

char* filled(std::uint32_t seed) {
  char* memory = map_anonymous(kSize, PROT_READ | PROT_WRITE);
  fill(memory, kSize, seed);
  return memory;
}

}  // namespace

int main(int, char** argv) {
  char* whole = filled(1);
  char* freed = filled(2);
  char* single = filled(3);
  char* hidden = filled(4);
  char* read_only = filled(5);
  EXPECT_OK(::mprotect(hidden, kSize, PROT_NONE));
  EXPECT_OK(::mprotect(read_only, kSize, PROT_READ));

  const bool restored = snapshot(argv[1]);

  EXPECT_OK(::madvise(whole, kSize, MADV_DONTNEED));
  EXPECT(holds_zeros(whole, kSize));
  fill(whole, kSize, 11);
  EXPECT(holds(whole, kSize, 11));

  EXPECT_OK(::madvise(freed, kSize, MADV_FREE));
  // The kernel may leave freed pages as they are; the engine does not.
  if (restored) EXPECT(holds_zeros(freed, kSize));
  fill(freed, kSize, 12);
  EXPECT(holds(freed, kSize, 12));

  // One page and a length that is no multiple of a page.
  EXPECT_OK(::madvise(single + 10 * kPage, 1, MADV_DONTNEED));
  EXPECT_OK(::madvise(single + 20 * kPage, kPage + 1, MADV_DONTNEED));
  for (std::size_t page = 0; page < kSize / kPage; ++page) {
    const bool gone = page == 10 || page == 20 || page == 21;
    EXPECT_EQ(holds_zeros(single + page * kPage, kPage), gone);
  }
  fill(single, kSize, 13);
  EXPECT_OK(::madvise(single, kSize, MADV_DONTNEED));
  EXPECT(holds_zeros(single, kSize));

  EXPECT_OK(::madvise(hidden, kSize, MADV_DONTNEED));
  EXPECT(!can_read(hidden));
  EXPECT_OK(::mprotect(hidden, kSize, PROT_READ | PROT_WRITE));
  EXPECT(holds_zeros(hidden, kSize));

  EXPECT_OK(::madvise(read_only, kSize, MADV_DONTNEED));
  EXPECT(!can_write(read_only));
  EXPECT(holds_zeros(read_only, kSize));

  // Errors and other advice are the kernel's business as before.
  EXPECT_EQ(::madvise(single + 1, kPage, MADV_DONTNEED), -1);
  EXPECT_EQ(errno, EINVAL);
  EXPECT_OK(::munmap(whole, kPage));
  EXPECT_EQ(::madvise(whole, 2 * kPage, MADV_DONTNEED), -1);
  EXPECT_EQ(errno, ENOMEM);
  fill(whole + kPage, kPage, 14);
  EXPECT_OK(::madvise(whole + kPage, kPage, MADV_WILLNEED));
  EXPECT(holds(whole + kPage, kPage, 14));
}
