// Rounding mode and exception masks of the thread that calls fw_snapshot_here():
// preserved across any call, so across this one, too.
#include <cfenv>

#include "tests/guests/guest.h"

using namespace fw::guest;

namespace {

std::uint16_t x87_control() {
  std::uint16_t word = 0;
  asm volatile("fnstcw %0" : "=m"(word));
  return word;
}

}  // namespace

int main(int, char** argv) {
  EXPECT_EQ(std::fesetround(FE_UPWARD), 0);
  __builtin_ia32_ldmxcsr(__builtin_ia32_stmxcsr() | 0x8040);  // flush to zero, denormals are zero
  const std::uint16_t narrow = static_cast<std::uint16_t>(x87_control() & ~0x300);
  asm volatile("fldcw %0" : : "m"(narrow));
  const unsigned mxcsr = __builtin_ia32_stmxcsr() & ~0x3fU;  // not the sticky flags

  snapshot(argv[1]);

  EXPECT_EQ(__builtin_ia32_stmxcsr() & ~0x3fU, mxcsr);
  EXPECT_EQ(x87_control(), narrow);
  EXPECT_EQ(std::fegetround(), FE_UPWARD);
}
