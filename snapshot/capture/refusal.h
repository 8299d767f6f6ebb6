// Refusal: why a capture cannot go on, as text for the user. Fixed size, no heap.
#pragma once

#include <charconv>
#include <concepts>
#include <cstddef>
#include <string_view>

namespace fw::capture {

class Refusal {
 public:
  // Notes the first reason and returns false, so that a step can say
  // `return refusal.because(-EBUSY, "descriptor ", fd, " is ...")`.
  template <typename... Parts>
  bool because(int error, const Parts&... parts) {
    if (error_ == 0) {
      error_ = error;
      (add(parts), ...);
    }
    return false;
  }
  // The same for a failed system call: appends ": <text of errno>".
  template <typename... Parts>
  bool because_errno(int err, const Parts&... parts) {
    return because(-err, parts..., ": ", describe(err));
  }

  int error() const { return error_; }
  std::string_view text() const { return {text_, length_}; }

 private:
  static std::string_view describe(int err);

  void add(std::string_view part) {
    for (const char c : part) {
      if (length_ < sizeof text_ - 1) text_[length_++] = c;
    }
    text_[length_] = '\0';
  }
  template <std::integral T>
  void add(T number) {
    char digits[24];
    const auto end = std::to_chars(digits, digits + sizeof digits, number).ptr;
    add(std::string_view(digits, static_cast<std::size_t>(end - digits)));
  }

  int error_ = 0;
  std::size_t length_ = 0;
  char text_[1024] = {};
};

}  // namespace fw::capture
