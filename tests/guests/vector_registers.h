// Fills every vector register (and, with AVX-512, every mask register) with values
// of its own, calls something or waits, and reads them back.
#pragma once

#include <array>
#include <cstdint>

namespace fw::guest {

struct alignas(64) VectorRegisters {
  std::array<std::array<std::uint64_t, 8>, 32> zmm;
  std::array<std::uint64_t, 8> mask;

  static VectorRegisters pattern() {
    VectorRegisters r;
    std::uint64_t next = 0x0123456789abcdef;
    for (auto& one : r.zmm) {
      for (std::uint64_t& lane : one)
        lane = next = next * 6364136223846793005 + 1442695040888963407;
    }
    for (std::uint64_t& one : r.mask) one = next = next * 6364136223846793005 + 1;
    return r;
  }
};

inline bool have_avx512() { return __builtin_cpu_supports("avx512bw") != 0; }
inline bool have_avx() { return __builtin_cpu_supports("avx") != 0; }

// Loads `in`, sets *ready to 1, runs in user code without a call until *go is not 0,
// stores to `out`. Registers that the CPU lacks are copied from `in`.
void hold_registers(const VectorRegisters& in, VectorRegisters* out, volatile int* ready,
                    volatile int* go);

}  // namespace fw::guest
