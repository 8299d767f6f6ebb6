#include "store/request_id.h"

#include <doctest/doctest.h>

#include <set>
#include <string>

namespace {

// x: a hexadecimal digit, v: one of 8, 9, a, b; anything else itself.
bool matches(const std::string& text, const std::string& pattern) {
  if (text.size() != pattern.size()) return false;
  const std::string hex = "0123456789abcdef";
  const std::string variants = "89ab";
  for (std::size_t i = 0; i < text.size(); ++i) {
    const std::string allowed =
        pattern[i] == 'x' ? hex : (pattern[i] == 'v' ? variants : std::string(1, pattern[i]));
    if (allowed.find(text[i]) == std::string::npos) return false;
  }
  return true;
}

}  // namespace

TEST_CASE("Request ids are random UUIDs of version 4 and do not repeat") {
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const std::string id = fw::store::new_request_id();
    CHECK(matches(id, "xxxxxxxx-xxxx-4xxx-vxxx-xxxxxxxxxxxx"));
    CHECK(seen.insert(id).second);
  }
}
