// A thread that is stopped in the middle of a computation has live values in every
// register that the CPU has: AVX-512 or AVX2, mask registers, x87, and the control
// words. They are in the frame of the parking signal, on its stack.
#include <atomic>
#include <cfenv>
#include <cstring>
#include <thread>

#include "tests/guests/guest.h"
#include "tests/guests/vector_registers.h"

using namespace fw::guest;

namespace {

// Three values on the x87 stack and a rounding mode, kept across a wait.
struct X87 {
  double popped[3] = {};
  std::uint16_t control = 0;
};

X87 hold_x87(volatile int* ready, volatile int* go) {
  X87 result;
  asm volatile(
      "fldpi\n"
      "fldln2\n"
      "fldl2e\n"
      "movl $1, (%[ready])\n"
      "1: pause\n"
      "cmpl $0, (%[go])\n"
      "je 1b\n"
      "fstpl %[first]\n"
      "fstpl %[second]\n"
      "fstpl %[third]\n"
      "fnstcw %[control]\n"
      : [first] "=m"(result.popped[0]), [second] "=m"(result.popped[1]),
        [third] "=m"(result.popped[2]), [control] "=m"(result.control)
      : [ready] "r"(ready), [go] "r"(go)
      : "memory", "cc", "st", "st(1)", "st(2)");
  return result;
}

// The sixteen general registers hold a computation: a xorshift generator.
std::uint64_t compute(volatile int* ready, volatile int* go, std::uint64_t* steps) {
  std::uint64_t a = 1, b = 2, c = 3, d = 4, count = 0;
  while (*go == 0 || count < 1000) {
    a ^= a << 13;
    a ^= a >> 7;
    b += a * 3;
    c ^= b + (d << 1);
    d += c >> 3;
    if (++count == 1000) *ready = 1;
  }
  *steps = count;
  return a ^ b ^ c ^ d;
}

std::uint64_t compute_again(std::uint64_t steps) {
  std::uint64_t a = 1, b = 2, c = 3, d = 4;
  for (std::uint64_t i = 0; i < steps; ++i) {
    a ^= a << 13;
    a ^= a >> 7;
    b += a * 3;
    c ^= b + (d << 1);
    d += c >> 3;
  }
  return a ^ b ^ c ^ d;
}

}  // namespace

int main(int, char** argv) {
  const VectorRegisters in = VectorRegisters::pattern();
  VectorRegisters out{};
  X87 x87;
  X87 undisturbed;
  std::uint64_t steps = 0;
  std::uint64_t computed = 0;
  volatile int ready[3] = {};
  volatile int go = 0;
  unsigned mxcsr = 0;

  std::thread vectors([&] {
    std::fesetround(FE_DOWNWARD);
    hold_registers(in, &out, &ready[0], &go);
    mxcsr = __builtin_ia32_stmxcsr();
  });
  std::thread floats([&] {
    std::fesetround(FE_UPWARD);
    volatile int one = 1;
    undisturbed = hold_x87(&one, &one);
    x87 = hold_x87(&ready[1], &go);
  });
  std::thread numbers([&] { computed = compute(&ready[2], &go, &steps); });
  for (volatile int& one : ready) {
    while (one == 0) std::this_thread::yield();
  }

  snapshot(argv[1]);

  go = 1;
  vectors.join();
  floats.join();
  numbers.join();
  EXPECT_EQ(std::memcmp(&in, &out, sizeof in), 0);
  EXPECT_EQ(mxcsr & 0x6000, 0x2000);  // round down
  EXPECT(x87.popped[0] > 1.4 && x87.popped[1] > 0.6 && x87.popped[2] > 3.1);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(x87.popped[i], undisturbed.popped[i]);
  EXPECT_EQ(x87.control & 0xc00, 0x800);  // round up
  EXPECT_EQ(computed, compute_again(steps));
}
