// Pages of zeros of every origin: only read (the kernel's shared zero page), written
// with zeros, never touched, and mapped from /dev/zero. None belongs in the image,
// all must read as zeros and be writable.
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstring>

#include "tests/guests/guest.h"

using namespace fw::guest;

int main(int, char** argv) {
  constexpr std::size_t kSize = 1024 * kPage;
  char* read_only = map_anonymous(kSize, PROT_READ | PROT_WRITE);
  char* written = map_anonymous(kSize, PROT_READ | PROT_WRITE);
  char* untouched = map_anonymous(kSize, PROT_READ | PROT_WRITE);
  const int device = ::open("/dev/zero", O_RDWR);
  void* mapped = ::mmap(nullptr, kSize, PROT_READ | PROT_WRITE, MAP_PRIVATE, device, 0);
  EXPECT(mapped != MAP_FAILED);
  ::close(device);
  auto* from_device = static_cast<char*>(mapped);
  EXPECT(holds_zeros(read_only, kSize));
  std::memset(written, 0, kSize);
  fill(from_device + kSize / 2, kPage, 3);

  fw_snapshot_request request{};
  request.image_path = argv[1];
  fw_snapshot_report report{};
  const int result = fw_snapshot_here(&request, &report);
  EXPECT(result >= 0);
  if (result == 1) meet_other_clones();
  if (result == 0) EXPECT(report.captured_pages < 1024);

  for (char* memory : {read_only, written, untouched}) {
    EXPECT(holds_zeros(memory, kSize));
    fill(memory, kSize, 5);
    EXPECT(holds(memory, kSize, 5));
  }
  EXPECT(holds_zeros(from_device, kSize / 2));
  EXPECT(holds(from_device + kSize / 2, kPage, 3));
  EXPECT(holds_zeros(from_device + kSize / 2 + kPage, kSize / 2 - kPage));
}
