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

TEST_CASE("Attempts are noted in the log of invocations, a busy pool is not") {
  int calls = 0;
  testing::ScriptedPool pool([&](const pool::Call& call) {
    Result<pool::Served> served(fail(Errc::kBusy, "not now"));
    if (++calls > 1) {
      served = testing::error(R"({"errorType":"E"})");
      served->invoked.request_id = call.request_id;
    }
    return served;
  });
  gateway::logs::InvocationLog log;
  const auto inbox = std::make_shared<Inbox>();
  Delivery delivery(pool, inbox, &log);
  const auto deliver = [&](std::uint64_t id, const std::string& request_id) {
    delivery.start(
        {{id, "event", "f", request_id, "{}", R"({"traceparent":"00-trace"})", 0, 0, 0}});
    std::unique_lock lock(inbox->mutex);
    inbox->arrived.wait(lock, [&] { return inbox->outcomes.size() == id; });
    return inbox->outcomes.back();
  };
  CHECK(deliver(1, "busy").kind == Outcome::Kind::kPostponed);
  CHECK_FALSE(log.find("busy"));
  const Outcome failed = deliver(2, "failed");
  CHECK(failed.id == 2);
  CHECK(failed.kind == Outcome::Kind::kFailed);
  const auto record = log.find("failed");
  REQUIRE(record);
  CHECK(record->function == "f");
  CHECK(record->traceparent == "00-trace");
}
