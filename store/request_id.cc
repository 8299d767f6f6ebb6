#include "store/request_id.h"

#include <sys/random.h>

#include <array>
#include <cerrno>
#include <cstdint>

#include "base/check.h"

namespace fw::store {

std::string new_request_id() {
  std::array<std::uint8_t, 16> bytes{};
  ssize_t n = -1;
  do {
    n = ::getrandom(bytes.data(), bytes.size(), 0);
  } while (n < 0 && errno == EINTR);
  FW_CHECK(n == static_cast<ssize_t>(bytes.size()), "getrandom(2) gives up to 256 bytes at once");
  bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0F) | 0x40);  // version 4
  bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3F) | 0x80);  // variant of RFC 4122

  constexpr char kDigits[] = "0123456789abcdef";
  std::string text;
  text.reserve(36);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += kDigits[bytes[i] >> 4];
    text += kDigits[bytes[i] & 0x0F];
  }
  return text;
}

}  // namespace fw::store
