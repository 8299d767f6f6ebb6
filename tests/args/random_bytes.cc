#include "tests/args/random_bytes.h"

#include <algorithm>
#include <cstring>

namespace fw::args {

std::uint64_t RandomBytes::next() {
  state_ ^= state_ << 13;
  state_ ^= state_ >> 7;
  state_ ^= state_ << 17;
  return state_;
}

void RandomBytes::fill(void* to, std::size_t bytes) {
  auto* at = static_cast<std::byte*>(to);
  while (bytes > 0) {
    const std::uint64_t value = next();
    const std::size_t n = std::min(bytes, sizeof value);
    std::memcpy(at, &value, n);
    at += n;
    bytes -= n;
  }
}

}  // namespace fw::args
