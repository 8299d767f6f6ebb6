#include "gateway/events/lanes.h"

#include <doctest/doctest.h>

using fw::gateway::events::Lanes;

namespace {

constexpr std::uint64_t kNever = INT64_MAX;

unsigned claims_of(const std::vector<Lanes::Turn>& turns, const std::string& function) {
  for (const Lanes::Turn& turn : turns) {
    if (turn.function == function) return turn.claims;
  }
  return 0;
}

}  // namespace

TEST_CASE("A lane has its turn when its event is due") {
  Lanes lanes({10, 5, 1, 4});
  CHECK(lanes.next_ms() == kNever);
  CHECK(lanes.turns(1000).empty());
  lanes.add("f", 100);
  lanes.add("f", 50);
  lanes.add("f", 70);
  CHECK(lanes.next_ms() == 50);
  CHECK(lanes.turns(49).empty());
  CHECK(claims_of(lanes.turns(50), "f") == 5);
  lanes.set_due("f", kNever);
  CHECK(lanes.next_ms() == kNever);
  CHECK(lanes.turns(1000).empty());
}

TEST_CASE("No lane takes more than its bound, nor all together more than theirs") {
  Lanes lanes({6, 4, 1, 4});
  for (const char* function : {"a", "b"}) lanes.add(function, 0);
  const auto turns = lanes.turns(0);
  CHECK(claims_of(turns, "a") == 3);
  CHECK(claims_of(turns, "b") == 3);
  lanes.started("a", 3);
  CHECK(claims_of(lanes.turns(0), "a") == 1);
  lanes.started("a", 1);
  CHECK(claims_of(lanes.turns(0), "a") == 0);
  CHECK(claims_of(lanes.turns(0), "b") == 2);
  lanes.started("b", 2);
  CHECK(lanes.turns(0).empty());
  CHECK(lanes.next_ms() == kNever);
  CHECK(lanes.running() == 6);
  lanes.ended("b");
  CHECK(claims_of(lanes.turns(0), "b") == 1);
}

TEST_CASE("With room for one, functions take turns") {
  Lanes lanes({1, 1, 1, 4});
  for (const char* function : {"a", "b", "c"}) lanes.add(function, 0);
  std::string order;
  for (int i = 0; i < 6; ++i) {
    const auto turns = lanes.turns(0);
    REQUIRE(turns.size() == 1);
    order += turns[0].function;
    lanes.started(turns[0].function, 1);
    lanes.ended(turns[0].function);
  }
  CHECK(order == "abcabc");
}

TEST_CASE("A refused lane is left alone, longer each time, until an attempt is made") {
  Lanes lanes({10, 5, 10, 25});
  lanes.add("f", 0);
  std::uint64_t now = 100;
  for (const std::uint64_t pause : {10U, 20U, 25U, 25U}) {
    lanes.started("f", 1);
    lanes.refused("f", now);
    CHECK(lanes.next_ms() == now + pause);
    CHECK(lanes.turns(now + pause - 1).empty());
    now += pause;
    // One finds out.
    CHECK(claims_of(lanes.turns(now), "f") == 1);
  }
  lanes.started("f", 1);
  lanes.ended("f");
  CHECK(claims_of(lanes.turns(now), "f") == 5);
}

TEST_CASE("Refusals of attempts that were under way together count once") {
  Lanes lanes({10, 5, 10, 1000});
  lanes.add("f", 0);
  lanes.started("f", 3);
  for (int i = 0; i < 3; ++i) lanes.refused("f", 100);
  CHECK(lanes.next_ms() == 110);
  CHECK(lanes.running() == 0);
}
