// Feeds bytes to the checks that come before a plan is believed, and holds them to
// their word.
#pragma once

#include <span>
#include <string>

namespace fw::test {

struct Probe {
  bool accepted = false;
  std::string reason;  // when refused
};

// `head` is what a file begins with, up to the end of its plan or shorter; the pages
// that would follow are imagined. Bytes are given to the checks in blocks of exactly
// their size, so that a sanitizer sees every step beyond. With `rehash` the plan gets
// the checksum that it should have. When the checks accept the plan, walks all that
// it refers to, and aborts when something lies outside.
Probe probe_plan(std::span<const char> head, bool rehash);

}  // namespace fw::test
