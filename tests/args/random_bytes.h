// Reproducible random bytes (xorshift), much faster than std::mt19937.
#pragma once

#include <cstddef>
#include <cstdint>

namespace fw::args {

class RandomBytes {
 public:
  explicit RandomBytes(std::uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15 + 1) {}
  std::uint64_t next();
  std::uint64_t below(std::uint64_t limit) { return next() % limit; }
  void fill(void* to, std::size_t bytes);

 private:
  std::uint64_t state_;
};

}  // namespace fw::args
