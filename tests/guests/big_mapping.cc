// A large mapping of which every hundredth page was written. The others must read
// as zeros, and the image must not grow by them.
#include <sys/mman.h>

#include "tests/guests/guest.h"

using namespace fw::guest;

int main(int, char** argv) {
  constexpr std::size_t kPages = 32768;
  constexpr std::size_t kStep = 100;
  char* memory = map_anonymous(kPages * kPage, PROT_READ | PROT_WRITE);
  for (std::size_t i = 0; i < kPages; i += kStep) {
    fill(memory + i * kPage, kPage, static_cast<std::uint32_t>(i));
  }

  fw_snapshot_request request{};
  request.image_path = argv[1];
  fw_snapshot_report report{};
  const int result = fw_snapshot_here(&request, &report);
  EXPECT(result >= 0);
  if (result == 1) meet_other_clones();
  if (result == 0) EXPECT(report.captured_pages < kPages / 10);

  for (std::size_t i = 0; i < kPages; ++i) {
    char* page = memory + i * kPage;
    if (i % kStep == 0) {
      EXPECT(holds(page, kPage, static_cast<std::uint32_t>(i)));
    } else if (i % kStep == 1) {
      EXPECT(holds_zeros(page, kPage));
    }
  }
  fill(memory, kPages * kPage / 8, 7);
  EXPECT(holds(memory, kPages * kPage / 8, 7));
  EXPECT_OK(::munmap(memory, kPages * kPage));
}
