#include "pyhost/core/settle_objects.h"

#include <Python.h>

#include <cstdint>

namespace fw::pyhost {

void settle_objects() {
  // The allocator has a list of partly used pools for each size, in steps of 16 bytes up
  // to 512. A run of neighbours comes from a pool that nobody used before.
  constexpr std::size_t kLargest = 512;
  constexpr std::size_t kStep = 16;
  constexpr int kEnoughNeighbours = 8;
  for (std::size_t size = kLargest; size >= kStep; size -= kStep) {
    std::uintptr_t last = 0;
    for (int neighbours = 0; neighbours < kEnoughNeighbours;) {
      void* block = PyObject_Malloc(size);
      if (block == nullptr) return;
      const auto address = reinterpret_cast<std::uintptr_t>(block);
      neighbours = address == last + size ? neighbours + 1 : 0;
      last = address;
    }
  }
}

}  // namespace fw::pyhost
