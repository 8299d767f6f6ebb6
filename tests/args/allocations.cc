#include "tests/args/allocations.h"

#include <atomic>
#include <cstdlib>
#include <new>

namespace {
std::atomic<long> count = 0;
}

// In a file of their own: where they are inlined, compilers mistake the free()
// for a mismatch.
void* operator new(std::size_t size) {
  ++count;
  void* memory = std::malloc(size != 0 ? size : 1);
  if (memory == nullptr) throw std::bad_alloc();
  return memory;
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace fw::args {

long allocations() { return count; }

}  // namespace fw::args
