// Address space reserved by the terabyte, as JavaScript engines and sanitizers do,
// with a few pages in use. It must cost neither image nor memory, and pages can be
// committed in it afterwards.
#include <sys/mman.h>

#include "tests/guests/guest.h"

using namespace fw::guest;

int main(int, char** argv) {
  constexpr std::size_t kGiB = std::size_t{1} << 30;
  char* reserved = map_anonymous(1024 * kGiB, PROT_NONE, MAP_NORESERVE);
  EXPECT_OK(::mprotect(reserved + 500 * kGiB, 4 * kPage, PROT_READ | PROT_WRITE));
  fill(reserved + 500 * kGiB, 4 * kPage, 1);
  char* lazy = map_anonymous(64 * kGiB, PROT_READ | PROT_WRITE, MAP_NORESERVE);
  fill(lazy + 32 * kGiB, kPage, 2);

  fw_snapshot_request request{};
  request.image_path = argv[1];
  fw_snapshot_report report{};
  const int result = fw_snapshot_here(&request, &report);
  EXPECT(result >= 0);
  if (result == 1) meet_other_clones();
  if (result == 0) EXPECT(report.captured_pages < 1024);

  EXPECT(holds(reserved + 500 * kGiB, 4 * kPage, 1));
  EXPECT(!can_read(reserved + 499 * kGiB));
  EXPECT(!can_read(reserved + 500 * kGiB + 4 * kPage));
  EXPECT_OK(::mprotect(reserved + 700 * kGiB, kPage, PROT_READ | PROT_WRITE));
  EXPECT(holds_zeros(reserved + 700 * kGiB, kPage));
  fill(reserved + 700 * kGiB, kPage, 3);
  EXPECT(holds(lazy + 32 * kGiB, kPage, 2));
  EXPECT(holds_zeros(lazy + 33 * kGiB, kPage));
  fill(lazy + 63 * kGiB, kPage, 4);
  EXPECT(holds(lazy + 63 * kGiB, kPage, 4));
}
