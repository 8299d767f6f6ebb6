// Submission, keys, limits, states and the end of a queue.
#include "gateway/events/queue.h"

#include <doctest/doctest.h>

#include <atomic>

#include "tests/gateway_events/asking.h"
#include "tests/gateway_events/scripted_pool.h"
#include "tests/store/temp_folder.h"

using namespace fw;
using namespace fw::testing;

namespace {

std::optional<Result<pool::Served>> succeed(const pool::Call&) { return result(); }
std::optional<Result<pool::Served>> hold(const pool::Call&) { return std::nullopt; }

Event event_of(std::string function, std::string arguments = "{}") {
  return {std::move(function), std::move(arguments), {}, {}, {}, 0};
}

struct Fixture {
  TempFolder temp;
  std::filesystem::path file = temp / "events.db";
  ScriptedPool pool;
  explicit Fixture(ScriptedPool::Script script = succeed, unsigned workers = 2)
      : pool(std::move(script), workers) {}

  std::unique_ptr<Queue> open(const Options& options = {}) {
    Result<std::unique_ptr<Queue>> queue = Queue::open(file, pool, options);
    REQUIRE_MESSAGE(queue, queue.error().message());
    return std::move(*queue);
  }
};

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("An event is invoked with what was submitted, and then forgotten but for its end") {
  Fixture fixture;
  const std::unique_ptr<Queue> queue = fixture.open();
  const Result<Accepted> accepted =
      submit(*queue, {"f", R"({"a":1})", R"({"client_context":2})", "request", {}, 0});
  REQUIRE(accepted);
  CHECK(accepted->request_id == "request");
  CHECK_FALSE(accepted->event_id.empty());
  CHECK_FALSE(accepted->duplicate);

  const pool::Call call = fixture.pool.await_calls(1).front();
  CHECK(call.function == "f");
  CHECK(call.arguments == R"({"a":1})");
  CHECK(call.call_context == R"({"client_context":2})");
  CHECK(call.request_id == "request");
  CHECK(call.timeout_ms == 0);

  const EventStats stats =
      await_stats(*queue, [](const EventStats& now) { return now.delivered == 1; });
  CHECK(stats.submitted == 1);
  CHECK(stats.queued_now == 0);
  CHECK(stats.running_now == 0);
  CHECK(stats.dead_now == 0);
  CHECK(stats.oldest_age_ms == 0);
  const Result<EventState> state = look_up(*queue, accepted->event_id);
  REQUIRE(state);
  CHECK(state->state == State::kDone);
  CHECK(state->function == "f");
  CHECK(state->request_id == "request");
  CHECK(state->attempts == 1);
}

TEST_CASE("Without a request id the event's own is used, and no two are the same") {
  Fixture fixture;
  const std::unique_ptr<Queue> queue = fixture.open();
  const Result<Accepted> one = submit(*queue, event_of("f"));
  const Result<Accepted> two = submit(*queue, event_of("f"));
  REQUIRE(one);
  REQUIRE(two);
  CHECK(one->request_id == one->event_id);
  CHECK(one->event_id != two->event_id);
}

TEST_CASE("A state is told at every step, and an unknown event is not found") {
  Fixture fixture(hold);
  Options options;
  options.max_running = 1;
  const std::unique_ptr<Queue> queue = fixture.open(options);
  const std::string first = submit(*queue, event_of("f"))->event_id;
  fixture.pool.await_calls(1);
  const std::string second = submit(*queue, event_of("f"))->event_id;
  CHECK(look_up(*queue, first)->state == State::kRunning);
  CHECK(look_up(*queue, second)->state == State::kQueued);
  CHECK(look_up(*queue, second)->attempts == 0);
  CHECK(queue->stats().queued_now == 2);
  CHECK(queue->stats().running_now == 1);
  const Result<EventState> unknown = look_up(*queue, "none");
  REQUIRE_FALSE(unknown);
  CHECK(unknown.error().code() == Errc::kNotFound);
  CHECK(contains(unknown.error().message(), "no event 'none' is known"));
  fixture.pool.release(result());
  fixture.pool.await_calls(2);
  CHECK(look_up(*queue, second)->state == State::kRunning);
  CHECK(std::string(name_of(State::kQueued)) == "queued");
  CHECK(std::string(name_of(State::kRunning)) == "running");
  CHECK(std::string(name_of(State::kRetrying)) == "retrying");
  CHECK(std::string(name_of(State::kDead)) == "dead");
  CHECK(std::string(name_of(State::kDone)) == "done");
}

TEST_CASE("Only the last ends are remembered") {
  Fixture fixture;
  Options options;
  options.done_remembered = 2;
  const std::unique_ptr<Queue> queue = fixture.open(options);
  std::vector<std::string> ids;
  for (std::uint64_t i = 1; i <= 3; ++i) {
    ids.push_back(submit(*queue, event_of("f"))->event_id);
    await_stats(*queue, [i](const EventStats& now) { return now.delivered == i; });
  }
  CHECK(look_up(*queue, ids[0]).error().code() == Errc::kNotFound);
  CHECK(look_up(*queue, ids[1])->state == State::kDone);
  CHECK(look_up(*queue, ids[2])->state == State::kDone);
}

TEST_CASE("The same idempotency key gives the same ids and adds nothing, also after the end") {
  Fixture fixture;
  std::unique_ptr<Queue> queue = fixture.open();
  Event event = event_of("f");
  event.idempotency_key = "key";
  const Result<Accepted> first = submit(*queue, event);
  await_stats(*queue, [](const EventStats& now) { return now.delivered == 1; });
  event.request_id = "another";
  const Result<Accepted> again = submit(*queue, event);
  REQUIRE(again);
  CHECK(again->duplicate);
  CHECK(again->event_id == first->event_id);
  CHECK(again->request_id == first->request_id);
  CHECK(queue->stats().duplicates == 1);

  // A key is of one function, and outlives the process.
  event.function = "g";
  CHECK_FALSE(submit(*queue, event)->duplicate);
  queue->close(60'000);
  queue = fixture.open();
  event.function = "f";
  CHECK(submit(*queue, event)->event_id == first->event_id);
  queue->close(60'000);
  CHECK(fixture.pool.calls().size() == 2);
}

TEST_CASE("A key that has aged is free again") {
  Fixture fixture;
  Options options;
  options.keys_kept_ms = 1;
  const std::unique_ptr<Queue> queue = fixture.open(options);
  Event event = event_of("f");
  event.idempotency_key = "key";
  const std::string first = submit(*queue, event)->event_id;
  bool fresh = false;
  for (int i = 0; i < 10'000 && !fresh; ++i) fresh = !submit(*queue, event)->duplicate;
  CHECK(fresh);
}

TEST_CASE("What is too large or too long is refused at once, with its limit") {
  Fixture fixture;
  Options options;
  options.max_payload = 10;
  const std::unique_ptr<Queue> queue = fixture.open(options);
  CHECK(queue->max_payload() == 10);
  const auto refused = [&](Event event) {
    const Result<Accepted> accepted = submit(*queue, std::move(event));
    REQUIRE_FALSE(accepted);
    CHECK(accepted.error().code() == Errc::kBadInput);
    return accepted.error().message();
  };
  CHECK(submit(*queue, {"f", "12345", "12345", {}, {}, 0}));
  CHECK(contains(refused({"f", "123456", "12345", {}, {}, 0}),
                 "11 bytes of arguments and context, and 10 are allowed"));
  CHECK(contains(refused({"f", "1", {}, std::string(64, 'r'), {}, 0}),
                 "the request id is longer than the 63 bytes allowed"));
  CHECK(contains(refused({"f", "1", {}, {}, std::string(257, 'k'), 0}),
                 "the idempotency key is longer than the 256 bytes allowed"));
  CHECK(queue->stats().rejected == 3);
}

TEST_CASE("When as many wait as may, further ones are refused as busy until some are done") {
  Fixture fixture(hold);
  Options options;
  options.max_queued = 2;
  const std::unique_ptr<Queue> queue = fixture.open(options);
  CHECK(submit(*queue, event_of("f")));
  CHECK(submit(*queue, event_of("f")));
  const Result<Accepted> third = submit(*queue, event_of("f"));
  REQUIRE_FALSE(third);
  CHECK(third.error().code() == Errc::kBusy);
  CHECK(contains(third.error().message(), "2 events wait already"));
  fixture.pool.await_calls(2);
  fixture.pool.release(result());
  await_stats(*queue, [](const EventStats& now) { return now.delivered == 2; });
  CHECK(submit(*queue, event_of("f")));
}

TEST_CASE("More than may be unwritten is refused as busy") {
  Fixture fixture;
  Options options;
  options.max_unwritten = 4;
  const std::unique_ptr<Queue> queue = fixture.open(options);
  const Result<Accepted> large = submit(*queue, event_of("f", "12345"));
  REQUIRE_FALSE(large);
  CHECK(large.error().code() == Errc::kBusy);
  CHECK(contains(large.error().message(), "wait to be written"));
  CHECK(submit(*queue, event_of("f", "123")));
}

TEST_CASE("A crowd of submissions from many threads is delivered, each once") {
  Fixture fixture;
  const std::unique_ptr<Queue> queue = fixture.open();
  constexpr int kThreads = 4;
  constexpr int kEach = 250;
  std::vector<std::thread> threads;
  std::atomic<int> accepted{0};
  for (int t = 0; t < kThreads; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < kEach; ++i) {
        queue->submit(event_of("f", std::to_string(t * kEach + i)),
                      [&](const Result<Accepted>& one) { accepted += one.has_value() ? 1 : 0; });
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  await_stats(*queue, [](const EventStats& now) { return now.delivered == kThreads * kEach; });
  CHECK(accepted == kThreads * kEach);
  std::vector<int> seen(kThreads * kEach);
  for (const pool::Call& call : fixture.pool.calls()) ++seen.at(std::stoul(call.arguments));
  CHECK(seen == std::vector<int>(kThreads * kEach, 1));
  CHECK(fixture.pool.calls_of_worker(0) > 0);
  CHECK(fixture.pool.calls_of_worker(1) > 0);
}

TEST_CASE("What was not delivered when the queue closed is delivered by the next") {
  Fixture fixture(hold);
  Options options;
  options.max_running = 1;
  std::unique_ptr<Queue> queue = fixture.open(options);
  Event one = event_of("f", "1");
  one.request_id = "r1";
  REQUIRE(submit(*queue, one));
  fixture.pool.await_calls(1);
  REQUIRE(submit(*queue, event_of("f", "2")));
  queue->close(0);
  const Result<Accepted> late = submit(*queue, event_of("f"));
  REQUIRE_FALSE(late);
  CHECK(late.error().code() == Errc::kClosing);
  queue.reset();
  // An answer that nobody waits for any more does no harm.
  fixture.pool.release(result());

  queue = fixture.open(options);
  CHECK(queue->stats().queued_now == 2);
  const std::vector<pool::Call> calls = fixture.pool.await_calls(2);
  CHECK(calls[1].arguments == "1");
  CHECK(calls[1].request_id == "r1");
  fixture.pool.release(result());
  CHECK(fixture.pool.await_calls(3)[2].arguments == "2");
}

TEST_CASE("Closing waits for what is under way, and begins nothing more") {
  Fixture fixture(hold);
  Options options;
  options.max_running = 1;
  std::unique_ptr<Queue> queue = fixture.open(options);
  REQUIRE(submit(*queue, event_of("f")));
  REQUIRE(submit(*queue, event_of("f")));
  fixture.pool.await_calls(1);
  std::thread closing([&] { queue->close(60'000); });
  // The queue refuses from then on, and only an answer lets the closing end.
  while (submit(*queue, event_of("f"))) {
  }
  fixture.pool.release(result());
  closing.join();
  CHECK(queue->stats().delivered == 1);
  CHECK(fixture.pool.calls().size() == 1);
  queue->close(0);
}
