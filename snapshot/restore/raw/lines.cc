#include "snapshot/restore/raw/lines.h"

#include "snapshot/restore/raw/syscall.h"

namespace fw::raw {

bool Lines::fill() {
  if (ended_) return false;
  if (start_ > 0) {
    for (unsigned i = start_; i < end_; ++i) buffer_[i - start_] = buffer_[i];
    end_ -= start_;
    start_ = 0;
  }
  if (end_ >= sizeof buffer_ - 1) return false;
  const long n = call(__NR_read, fd_, buffer_ + end_, sizeof buffer_ - 1 - end_);
  failed_ = raw::failed(n);
  ended_ = n <= 0;
  if (n > 0) end_ += static_cast<unsigned>(n);
  return n > 0;
}

const char* Lines::next() {
  for (unsigned at = start_;;) {
    for (; at < end_; ++at) {
      if (buffer_[at] != '\n') continue;
      const char* line = buffer_ + start_;
      buffer_[at] = '\0';
      start_ = at + 1;
      return line;
    }
    const unsigned held = at - start_;
    if (!fill()) break;
    at = start_ + held;
  }
  if (start_ == end_) return nullptr;
  buffer_[end_] = '\0';  // the last one, or one that was cut
  const char* line = buffer_ + start_;
  start_ = end_;
  return line;
}

bool take_text(const char** text, const char* word) {
  const char* t = *text;
  while (*word != '\0') {
    if (*t++ != *word++) return false;
  }
  *text = t;
  return true;
}

std::uint64_t take_decimal(const char** text) {
  std::uint64_t value = 0;
  for (; **text >= '0' && **text <= '9'; ++*text) {
    value = value * 10 + static_cast<std::uint64_t>(**text - '0');
  }
  return value;
}

std::uint64_t take_hexadecimal(const char** text) {
  std::uint64_t value = 0;
  for (;; ++*text) {
    const char c = **text;
    if (c >= '0' && c <= '9') {
      value = value * 16 + static_cast<std::uint64_t>(c - '0');
    } else if (c >= 'a' && c <= 'f') {
      value = value * 16 + static_cast<std::uint64_t>(c - 'a') + 10;
    } else {
      return value;
    }
  }
}

char* append_text(char* to, const char* text) {
  while (*text != '\0') *to++ = *text++;
  *to = '\0';
  return to;
}

char* append_decimal(char* to, std::uint64_t value) {
  char digits[24];
  unsigned count = 0;
  do {
    digits[count++] = static_cast<char>('0' + value % 10);
    value /= 10;
  } while (value != 0);
  while (count > 0) *to++ = digits[--count];
  *to = '\0';
  return to;
}

}  // namespace fw::raw
