#include "gateway/events/delivery.h"

#include <doctest/doctest.h>

#include "tests/gateway_events/scripted_pool.h"

using namespace fw;
using namespace fw::gateway::events;

TEST_CASE("Every answer of the pool is delivery, failure, hopeless or no attempt") {
  using Kind = Outcome::Kind;
  CHECK(outcome_of(testing::result("1")).kind == Kind::kDelivered);
  const Outcome failed = outcome_of(testing::error("body"));
  CHECK(failed.kind == Kind::kFailed);
  CHECK(failed.attempt.outcome == "error");
  CHECK(failed.error == "body");
  const Outcome late = outcome_of(testing::answer(store::Ending::kTimedOut, "late"));
  CHECK(late.kind == Kind::kFailed);
  CHECK(late.attempt.outcome == "timed_out");
  for (const Errc code : {Errc::kBusy, Errc::kClosing}) {
    CHECK(outcome_of(fail(code, "not now")).kind == Kind::kPostponed);
  }
  CHECK(outcome_of(fail(Errc::kBadInput, "too large")).kind == Kind::kHopeless);
  for (const Errc code : {Errc::kNotFound, Errc::kRefused, Errc::kSystem, Errc::kInternal,
                          Errc::kTimeout, Errc::kDied, Errc::kFunction}) {
    const Outcome outcome = outcome_of(fail(code, "what happened"));
    CHECK(outcome.kind == Kind::kFailed);
    CHECK(outcome.attempt.outcome == name_of(code));
    CHECK(outcome.error == "what happened");
  }
}
