// The CPU features a process may have come to depend on: glibc chose its string
// functions and V8 its instructions by them. Freestanding.
//
// CPUID traps in a virtual machine (about 4 us a leaf), so a process that restores
// often computes this once and hands it on.
#pragma once

#include <cpuid.h>

#include <cstdint>

namespace fw::image {

inline std::uint64_t cpu_feature_hash() {
  std::uint64_t hash = 0xcbf29ce484222325;
  const auto mix = [&hash](std::uint32_t word) { hash = (hash ^ word) * 0x100000001b3; };
  unsigned a = 0, b = 0, c = 0, d = 0;
  __cpuid(1, a, b, c, d);
  mix(c & ~(1U << 27));  // OSXSAVE is the kernel's choice; XCR0 is compared instead
  mix(d);
  __cpuid_count(7, 0, a, b, c, d);
  mix(b);
  mix(c & ~(1U << 4));  // OSPKE, likewise
  mix(d);
  return hash;
}

inline std::uint64_t cpu_xcr0() {
  std::uint32_t low = 0, high = 0;
  asm volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
  return (static_cast<std::uint64_t>(high) << 32) | low;
}

}  // namespace fw::image
