#include "gateway/percent.h"

#include <charconv>

namespace fw::gateway {

bool percent_decode(std::string_view encoded, std::string& decoded) {
  decoded.reserve(decoded.size() + encoded.size());
  for (std::size_t i = 0; i < encoded.size(); ++i) {
    if (encoded[i] != '%') {
      decoded += encoded[i];
      continue;
    }
    if (encoded.size() - i < 3) return false;
    unsigned byte = 0;
    const char* const end = encoded.data() + i + 3;
    const auto [last, problem] = std::from_chars(encoded.data() + i + 1, end, byte, 16);
    if (problem != std::errc() || last != end) return false;
    decoded += static_cast<char>(byte);
    i += 2;
  }
  return true;
}

}  // namespace fw::gateway
