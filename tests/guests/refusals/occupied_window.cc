// The addresses where the restorer will lie are taken: by chance, in a process with a
// layout nobody foresaw. A new start gets another layout, so this has its own errno.
#include <sys/mman.h>

#include "snapshot/image/format.h"
#include "tests/guests/guest.h"

using namespace fw::guest;

int main(int, char** argv) {
  for (const std::uint64_t address :
       {fw::image::kWindowStart, fw::image::kPlanAddress, fw::image::kWindowEnd - kPage}) {
    void* const wanted = reinterpret_cast<void*>(address);
    void* const taken = ::mmap(wanted, kPage, PROT_READ | PROT_WRITE,
                               MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED_NOREPLACE, -1, 0);
    EXPECT_EQ(taken, wanted);
    fill(taken, kPage, 1);
    expect_refused(argv[1], -EADDRINUSE, {"window", "start it again"});
    EXPECT(holds(taken, kPage, 1));
    EXPECT_OK(::munmap(taken, kPage));
  }

  snapshot(argv[1]);
}
