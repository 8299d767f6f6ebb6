#pragma once

#include <cstddef>
#include <cstdint>

// Fresh random bytes from the kernel, straight into the memory of generators.
//
// A restored process does this before anything else, and each page that it touches for the
// first time costs a fault: so it is one call with a list made before the capture, rather
// than Python code, whose objects lie on pages of their own.

namespace fw::pyhost {

struct Region {
  std::uint64_t address;
  // In bytes. 0: no random bytes, but the lowest bit of the byte at the address is set.
  std::uint64_t size;
};

extern "C" {

// Fills the regions in their order. 0, or the errno of the kernel, which leaves the rest
// as it is. The caller sees to it that the regions can be written to, and that nobody
// uses them meanwhile.
int fw_refill(const Region* regions, std::size_t count);
}

}  // namespace fw::pyhost
