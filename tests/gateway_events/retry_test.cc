// Attempts that fail, the dead-letter list, and what becomes of dead letters.
#include <doctest/doctest.h>

#include "tests/gateway_events/asking.h"
#include "tests/gateway_events/scripted_pool.h"
#include "tests/store/temp_folder.h"

using namespace fw;
using namespace fw::testing;

namespace {

struct Fixture {
  TempFolder temp;
  std::filesystem::path file = temp / "events.db";
  ScriptedPool pool;
  Options options;
  std::unique_ptr<Queue> queue;

  explicit Fixture(ScriptedPool::Script script, const std::function<void(Options&)>& change = {})
      : pool(std::move(script)) {
    options.retry_after_ms = {1, 2};
    options.busy_backoff_ms = 1;
    options.max_busy_backoff_ms = 4;
    if (change) change(options);
    open();
  }
  void open() {
    queue.reset();
    Result<std::unique_ptr<Queue>> opened = Queue::open(file, pool, options);
    REQUIRE_MESSAGE(opened, opened.error().message());
    queue = std::move(*opened);
  }
  std::string submit(std::string function, std::string arguments = "{}") const {
    const Result<Accepted> accepted = testing::submit(
        *queue, {std::move(function), std::move(arguments), {}, "the request", {}, 0});
    REQUIRE(accepted);
    return accepted->event_id;
  }
  EventStats await_dead(std::uint64_t count) const {
    return await_stats(*queue, [count](const EventStats& now) { return now.dead >= count; });
  }
};

// Answers the first calls as listed, all others with success.
ScriptedPool::Script in_turn(std::vector<Result<pool::Served>> answers) {
  return [answers = std::move(answers), next = std::size_t{0}](const pool::Call&) mutable {
    return next < answers.size() ? answers[next++] : Result<pool::Served>(result());
  };
}

ScriptedPool::Script always(const Result<pool::Served>& served) {
  return [served](const pool::Call&) { return served; };
}

}  // namespace

TEST_CASE("A function that fails twice is invoked a third time, with the same request id") {
  Fixture fixture(in_turn({error("1"), answer(store::Ending::kTimedOut, "2")}));
  fixture.submit("f", "[7]");
  const EventStats stats =
      await_stats(*fixture.queue, [](const EventStats& now) { return now.delivered == 1; });
  CHECK(stats.retried == 2);
  CHECK(stats.dead == 0);
  const std::vector<pool::Call> calls = fixture.pool.calls();
  REQUIRE(calls.size() == 3);
  for (const pool::Call& call : calls) {
    CHECK(call.request_id == "the request");
    CHECK(call.arguments == "[7]");
  }
}

TEST_CASE("After the last retry an event is a dead letter with all its attempts") {
  Fixture fixture(in_turn({error(R"({"errorType":"A"})"),
                           answer(store::Ending::kTimedOut, R"({"errorType":"T"})"),
                           error(R"({"errorType":"B"})")}));
  const std::string id = fixture.submit("f", "[1,2]");
  const EventStats stats = fixture.await_dead(1);
  CHECK(stats.retried == 2);
  CHECK(stats.delivered == 0);
  CHECK(stats.queued_now == 0);
  CHECK(stats.dead_now == 1);
  const Result<std::vector<DeadLetter>> letters = dead_letters(*fixture.queue);
  REQUIRE(letters);
  REQUIRE(letters->size() == 1);
  const DeadLetter& letter = letters->front();
  CHECK(letter.event_id == id);
  CHECK(letter.function == "f");
  CHECK(letter.request_id == "the request");
  CHECK(letter.arguments == "[1,2]");
  CHECK(letter.reason == "attempts");
  CHECK(letter.error == R"({"errorType":"B"})");
  REQUIRE(letter.attempts.size() == 3);
  CHECK(letter.attempts[0].outcome == "error");
  CHECK(letter.attempts[1].outcome == "timed_out");
  std::uint64_t last = letter.submitted_ms;
  for (const Attempt& attempt : letter.attempts) {
    CHECK(attempt.started_ms >= last);
    CHECK(attempt.ended_ms >= attempt.started_ms);
    last = attempt.ended_ms;
  }
  CHECK(letter.attempts[1].started_ms >= letter.attempts[0].ended_ms + 1);
  CHECK(letter.attempts[2].started_ms >= letter.attempts[1].ended_ms + 2);
  CHECK(letter.dead_ms >= letter.attempts[2].started_ms);
  CHECK(look_up(*fixture.queue, id)->state == State::kDead);
}

TEST_CASE("Failures of the system are retried like those of the function") {
  Fixture fixture(in_turn({fail(Errc::kSystem, "no process could be started"),
                           fail(Errc::kRefused, "the image is damaged"),
                           fail(Errc::kNotFound, "no function 'f' is installed")}));
  fixture.submit("f");
  fixture.await_dead(1);
  const DeadLetter letter = dead_letters(*fixture.queue)->front();
  REQUIRE(letter.attempts.size() == 3);
  CHECK(letter.attempts[0].outcome == "system");
  CHECK(letter.attempts[1].outcome == "refused");
  CHECK(letter.attempts[2].outcome == "not_found");
  CHECK(letter.error == "no function 'f' is installed");
}

TEST_CASE("Arguments that the pool never will take are not offered again") {
  Fixture fixture(always(fail(Errc::kBadInput, "the arguments are too large")));
  fixture.submit("f");
  CHECK(fixture.await_dead(1).retried == 0);
  const DeadLetter letter = dead_letters(*fixture.queue)->front();
  CHECK(letter.reason == "input");
  CHECK(letter.error == "the arguments are too large");
  CHECK(fixture.pool.calls().size() == 1);
}

TEST_CASE("A pool that is busy or closing makes no attempt and loses nothing") {
  std::vector<Result<pool::Served>> answers;
  for (int i = 0; i < 10; ++i) {
    answers.emplace_back(fail(i % 2 == 0 ? Errc::kBusy : Errc::kClosing, "not now"));
  }
  Fixture fixture(in_turn(answers));
  const std::string id = fixture.submit("f");
  const EventStats stats =
      await_stats(*fixture.queue, [](const EventStats& now) { return now.delivered == 1; });
  CHECK(stats.postponed == 10);
  CHECK(stats.retried == 0);
  CHECK(look_up(*fixture.queue, id)->attempts == 1);
}

TEST_CASE("A waiting retry is told with its time, and kept over a new start") {
  Fixture fixture(in_turn({error("1")}), [](Options& options) {
    options.retry_after_ms = {3'600'000, 3'600'000};
  });
  const std::string id = fixture.submit("f");
  await_stats(*fixture.queue, [](const EventStats& now) { return now.retried == 1; });
  for (int start = 0; start < 2; ++start) {
    const Result<EventState> state = look_up(*fixture.queue, id);
    REQUIRE(state);
    CHECK(state->state == State::kRetrying);
    CHECK(state->attempts == 1);
    CHECK(state->due_ms >= state->submitted_ms + 3'600'000);
    CHECK(fixture.queue->stats().queued_now == 1);
    fixture.open();
  }
  CHECK(fixture.pool.calls().size() == 1);
}

TEST_CASE("An event that grew too old while the pool was busy is a dead letter") {
  Fixture fixture(always(fail(Errc::kBusy, "not now")),
                  [](Options& options) { options.max_age_ms = 5; });
  fixture.submit("f");
  fixture.await_dead(1);
  const DeadLetter letter = dead_letters(*fixture.queue)->front();
  CHECK(letter.reason == "age");
  CHECK(letter.attempts.empty());
  CHECK(letter.dead_ms >= letter.submitted_ms + 5);
}

TEST_CASE("An event whose retry would come too late is dead at once") {
  Fixture fixture(in_turn({error("1")}), [](Options& options) {
    options.retry_after_ms = {100'000, 100'000};
    options.max_age_ms = 50'000;
  });
  fixture.submit("f");
  fixture.await_dead(1);
  const DeadLetter letter = dead_letters(*fixture.queue)->front();
  CHECK(letter.reason == "age");
  CHECK(letter.attempts.size() == 1);
}

TEST_CASE("An event's own age counts before the options'") {
  Fixture fixture([](const pool::Call&) { return std::nullopt; },
                  [](Options& options) { options.max_running = 1; });
  fixture.submit("f");
  fixture.pool.await_calls(1);
  REQUIRE(testing::submit(*fixture.queue, {"f", "{}", {}, {}, {}, 1}));
  CHECK(fixture.await_dead(1).queued_now == 1);
}

TEST_CASE("A dead letter that is replayed has all its attempts again") {
  Fixture fixture(in_turn({error("1"), error("2"), error("3"), error("4")}));
  const std::string id = fixture.submit("f");
  fixture.await_dead(1);
  REQUIRE(replay(*fixture.queue, id));
  const EventStats stats =
      await_stats(*fixture.queue, [](const EventStats& now) { return now.delivered == 1; });
  CHECK(stats.replayed == 1);
  CHECK(stats.dead_now == 0);
  CHECK(stats.retried == 3);
  CHECK(fixture.pool.calls().size() == 5);
  CHECK(fixture.pool.calls().back().request_id == "the request");
  CHECK(replay(*fixture.queue, id).error().code() == Errc::kNotFound);
}

TEST_CASE("A dead letter keeps the attempts of before its replay") {
  Fixture fixture(always(error("no")));
  const std::string id = fixture.submit("f");
  fixture.await_dead(1);
  REQUIRE(replay(*fixture.queue, id));
  fixture.await_dead(2);
  CHECK(dead_letters(*fixture.queue)->front().attempts.size() == 6);
}

TEST_CASE("A dead letter that is discarded is gone, and so is its payload") {
  Fixture fixture(always(error("no")));
  const std::string id = fixture.submit("f");
  fixture.await_dead(1);
  REQUIRE(discard(*fixture.queue, id));
  CHECK(fixture.queue->stats().discarded == 1);
  CHECK(fixture.queue->stats().dead_now == 0);
  CHECK(dead_letters(*fixture.queue)->empty());
  CHECK(look_up(*fixture.queue, id).error().code() == Errc::kNotFound);
  const Status again = discard(*fixture.queue, id);
  REQUIRE_FALSE(again);
  CHECK(again.error().code() == Errc::kNotFound);
  CHECK(again.error().message() == "no dead letter '" + id + "' is known");
}

TEST_CASE("Only what is dead can be replayed or discarded") {
  Fixture fixture([](const pool::Call&) { return std::nullopt; });
  const std::string id = fixture.submit("f");
  fixture.pool.await_calls(1);
  CHECK(replay(*fixture.queue, id).error().code() == Errc::kNotFound);
  CHECK(discard(*fixture.queue, id).error().code() == Errc::kNotFound);
  CHECK(look_up(*fixture.queue, id)->state == State::kRunning);
}

TEST_CASE("Dead letters are listed by function, the youngest first, so many as asked for") {
  Fixture fixture(always(fail(Errc::kBadInput, "never")));
  std::vector<std::string> ids;
  for (std::uint64_t i = 0; i < 5; ++i) {
    ids.push_back(fixture.submit(i % 2 == 0 ? "even" : "odd", std::to_string(i)));
    fixture.await_dead(i + 1);
  }
  const std::vector<DeadLetter> all = *dead_letters(*fixture.queue);
  REQUIRE(all.size() == 5);
  for (std::size_t i = 1; i < all.size(); ++i) CHECK(all[i - 1].dead_ms >= all[i].dead_ms);
  const std::vector<DeadLetter> even = *dead_letters(*fixture.queue, "even");
  CHECK(even.size() == 3);
  for (const DeadLetter& letter : even) CHECK(letter.function == "even");
  CHECK(dead_letters(*fixture.queue, "even", 2)->size() == 2);
  CHECK(dead_letters(*fixture.queue, "none")->empty());
  fixture.open();
  CHECK(fixture.queue->stats().dead_now == 5);
  CHECK(dead_letters(*fixture.queue)->size() == 5);
}

TEST_CASE("Dead letters that have been kept long enough go") {
  Fixture fixture(always(fail(Errc::kBadInput, "never")),
                  [](Options& options) { options.dead_letters_kept_ms = 1; });
  const std::string id = fixture.submit("f");
  fixture.await_dead(1);
  // Old ones are looked for when a queue opens.
  bool gone = false;
  for (int i = 0; i < 1000 && !gone; ++i) {
    fixture.open();
    await_stats(*fixture.queue, [](const EventStats&) { return true; });
    gone = dead_letters(*fixture.queue)->empty();
  }
  CHECK(gone);
  CHECK(fixture.queue->stats().dead_now == 0);
}

TEST_CASE("An error that is very long is cut between two characters") {
  std::string umlauts;
  while (umlauts.size() < 70'000) umlauts += "\xC3\xA4";
  Fixture fixture(always(error("x" + umlauts)));
  fixture.submit("f");
  fixture.await_dead(1);
  const std::string kept = dead_letters(*fixture.queue)->front().error;
  CHECK(kept.size() == 65'535);
  CHECK(kept.ends_with("\xC3\xA4"));
}
