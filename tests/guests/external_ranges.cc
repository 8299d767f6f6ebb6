// Ranges that belong to somebody outside of the image: their pages are not captured,
// and a clone finds there what whoever restored it supplied, shared with them.
#include <sys/mman.h>

#include "tests/guests/guest.h"

using namespace fw::guest;

int main(int, char** argv) {
  constexpr std::size_t kSize = 16 * kPage;
  char* inbox = map_anonymous(kSize, PROT_READ | PROT_WRITE);
  auto* outbox = static_cast<char*>(
      ::mmap(nullptr, kSize, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  EXPECT(outbox != MAP_FAILED);
  fill(inbox, kSize, 1);
  fill(outbox, kSize, 2);
  const fw_snapshot_external externals[] = {{7, inbox, kSize}, {3, outbox, kSize}};
  fw_snapshot_request request{};
  request.image_path = argv[1];
  request.externals = externals;
  request.external_count = 2;

  const bool restored = snapshot(request);

  if (!restored) {
    EXPECT(holds(inbox, kSize, 1));
    EXPECT(holds(outbox, kSize, 2));
    return 0;
  }
  // The test wrote with seed 11, at an offset of one page for the outbox.
  EXPECT(holds(inbox, kSize, 11));
  EXPECT(holds_zeros(outbox, kSize));
  fill(outbox, kSize, 12);
}
