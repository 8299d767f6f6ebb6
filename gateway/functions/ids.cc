#include "gateway/functions/ids.h"

#include <sys/random.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>

#include "base/check.h"
#include "gateway/call_context.h"

namespace fw::gateway::functions {

namespace {

constexpr char kDigits[] = "0123456789abcdef";

// A system call for each id would be as dear as all the rest of reading a request. This
// process is not one of those that are snapshotted, so what is kept here is not repeated.
class Entropy {
 public:
  void take(std::uint8_t* to, std::size_t bytes) {
    if (left_ < bytes) fill();
    left_ -= bytes;
    std::copy_n(pool_.data() + left_, bytes, to);
  }

 private:
  void fill() {
    std::size_t done = 0;
    while (done < pool_.size()) {
      const ssize_t n = ::getrandom(pool_.data() + done, pool_.size() - done, 0);
      FW_CHECK(n > 0 || errno == EINTR, "getrandom(2) gives what is asked for");
      if (n > 0) done += static_cast<std::size_t>(n);
    }
    left_ = pool_.size();
  }

  std::array<std::uint8_t, 4096> pool_{};
  std::size_t left_ = 0;
};

Entropy& entropy() {
  thread_local Entropy of_thread;
  return of_thread;
}

}  // namespace

std::string make_request_id() {
  std::array<std::uint8_t, 16> bytes{};
  entropy().take(bytes.data(), bytes.size());
  bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0F) | 0x40);  // version 4
  bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3F) | 0x80);  // variant of RFC 4122
  std::string text(36, '-');
  std::size_t at = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) ++at;
    text[at++] = kDigits[bytes[i] >> 4];
    text[at++] = kDigits[bytes[i] & 0x0F];
  }
  return text;
}

std::string make_span_id() {
  std::array<std::uint8_t, 8> bytes{};
  do {
    entropy().take(bytes.data(), bytes.size());
  } while (std::all_of(bytes.begin(), bytes.end(), [](std::uint8_t byte) { return byte == 0; }));
  std::string text;
  for (const std::uint8_t byte : bytes) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 0x0F];
  }
  return text;
}

std::string child_traceparent(std::string_view traceparent) {
  if (!is_traceparent(traceparent)) return {};
  std::string child = "00";
  child += traceparent.substr(2, 34);  // -(32 digits)-
  child += make_span_id();
  child += traceparent.substr(52, 3);
  return child;
}

bool valid_request_id(std::string_view id) {
  return !id.empty() && id.size() <= 63 && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_' || c == '-';
  });
}

}  // namespace fw::gateway::functions
