// Reading the text files of /proc without a heap: line by line, words and numbers.
#pragma once

#include <cstdint>

namespace fw::raw {

// The lines of an open file. Lines longer than the buffer are cut.
class Lines {
 public:
  explicit Lines(int fd) : fd_(fd) {}
  // The next line, zero-terminated, valid until the call after; nullptr at the end.
  const char* next();
  bool failed() const { return failed_; }

 private:
  bool fill();

  int fd_;
  unsigned start_ = 0;
  unsigned end_ = 0;
  bool ended_ = false;
  bool failed_ = false;
  char buffer_[6144];
};

// Consumes `word` from the front of `*text`.
bool take_text(const char** text, const char* word);
// Consumes a number, and nothing else; 0 where there is none.
std::uint64_t take_decimal(const char** text);
std::uint64_t take_hexadecimal(const char** text);

// Copies `text` with its zero to `to`; the answer points at the zero.
char* append_text(char* to, const char* text);
char* append_decimal(char* to, std::uint64_t value);

}  // namespace fw::raw
