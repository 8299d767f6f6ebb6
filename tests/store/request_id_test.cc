#include "store/request_id.h"

#include <doctest/doctest.h>

#include <regex>
#include <set>

TEST_CASE("Request ids are random UUIDs of version 4 and do not repeat") {
  const std::regex uuid4("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}");
  std::set<std::string> seen;
  for (int i = 0; i < 1000; ++i) {
    const std::string id = fw::store::new_request_id();
    CHECK(std::regex_match(id, uuid4));
    CHECK(seen.insert(id).second);
  }
}
