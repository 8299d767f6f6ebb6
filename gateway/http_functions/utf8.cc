#include "gateway/http_functions/utf8.h"

#include <cstddef>
#include <cstdint>

namespace fw::gateway::http_functions {

namespace {

struct Lead {
  std::size_t length = 0;  // 0: no character begins so
  std::uint8_t least = 0x80;
  std::uint8_t most = 0xbf;  // of the second byte
};

// RFC 3629, section 4.
Lead lead_of(std::uint8_t byte) {
  if (byte < 0x80) return {1};
  if (byte >= 0xc2 && byte <= 0xdf) return {2};
  if (byte == 0xe0) return {3, 0xa0};
  if (byte == 0xed) return {3, 0x80, 0x9f};
  if (byte >= 0xe1 && byte <= 0xef) return {3};
  if (byte == 0xf0) return {4, 0x90};
  if (byte >= 0xf1 && byte <= 0xf3) return {4};
  if (byte == 0xf4) return {4, 0x80, 0x8f};
  return {};
}

}  // namespace

bool is_utf8(std::string_view bytes) {
  const auto at = [&](std::size_t i) { return static_cast<std::uint8_t>(bytes[i]); };
  std::size_t i = 0;
  while (i < bytes.size()) {
    const Lead lead = lead_of(at(i));
    if (lead.length == 0 || bytes.size() - i < lead.length) return false;
    if (lead.length > 1 && (at(i + 1) < lead.least || at(i + 1) > lead.most)) return false;
    for (std::size_t k = 2; k < lead.length; ++k) {
      if ((at(i + k) & 0xc0) != 0x80) return false;
    }
    i += lead.length;
  }
  return true;
}

}  // namespace fw::gateway::http_functions
