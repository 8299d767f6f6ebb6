#include "gateway/events/admin.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "gateway/events/routes.h"
#include "gateway/http/server.h"
#include "tests/gateway_events/asking.h"
#include "tests/gateway_events/scripted_pool.h"
#include "tests/store/store_fixture.h"

using namespace fw;
using namespace fw::testing;
using nlohmann::json;

namespace {

std::optional<Result<pool::Served>> refuse(const pool::Call&) {
  return Result<pool::Served>(fail(Errc::kBadInput, "not these"));
}

struct Fixture {
  TempFolder temp;
  store::Home home = make_home(temp / "home");
  ScriptedPool pool{refuse};

  std::unique_ptr<Queue> open() {
    Result<std::unique_ptr<Queue>> queue = Queue::open(events_file(home), pool);
    REQUIRE(queue);
    return std::move(*queue);
  }
  static std::string dead_letter(Queue& queue, const std::string& function) {
    const std::uint64_t before = queue.stats().dead;
    const Result<Accepted> accepted = submit(queue, {function, "1", {}, {}, {}, 0});
    REQUIRE(accepted);
    await_stats(queue, [before](const EventStats& now) { return now.dead > before; });
    return accepted->event_id;
  }
  json shown(const std::string& function = {}) const {
    const Result<std::string> text = show_dead_letters(home, function, 10);
    REQUIRE_MESSAGE(text, text.error().message());
    return json::parse(*text)["dead_letters"];
  }
};

}  // namespace

TEST_CASE("When no daemon runs dead letters are shown and changed in the file") {
  Fixture fixture;
  std::unique_ptr<Queue> queue = fixture.open();
  const std::string one = Fixture::dead_letter(*queue, "f");
  const std::string two = Fixture::dead_letter(*queue, "g");
  queue.reset();
  CHECK(fixture.shown().size() == 2);
  REQUIRE(fixture.shown("g").size() == 1);
  CHECK(fixture.shown("g")[0]["event_id"] == two);
  CHECK(fixture.shown("g")[0]["error"] == "not these");
  CHECK(discard_dead_letter(fixture.home, two));
  CHECK(discard_dead_letter(fixture.home, two).error().code() == Errc::kNotFound);
  CHECK(replay_dead_letter(fixture.home, two).error().code() == Errc::kNotFound);
  REQUIRE(replay_dead_letter(fixture.home, one));
  CHECK(fixture.shown().empty());
  // Replayed: the next queue delivers it.
  queue = fixture.open();
  CHECK(fixture.pool.await_calls(3).back().request_id == one);
}

TEST_CASE("A home that never had an event has no dead letters, and gets no file") {
  const Fixture fixture;
  CHECK(fixture.shown().empty());
  CHECK(discard_dead_letter(fixture.home, "x").error().code() == Errc::kNotFound);
  CHECK(replay_dead_letter(fixture.home, "x").error().code() == Errc::kNotFound);
  CHECK_FALSE(std::filesystem::exists(events_file(fixture.home)));
}

TEST_CASE("An id that is none is told so, without asking anybody") {
  const Fixture fixture;
  for (const char* id : {"", "a/b", "a b", "..", "a%20"}) {
    CHECK(replay_dead_letter(fixture.home, id).error().code() == Errc::kNotFound);
    CHECK(discard_dead_letter(fixture.home, id).error().code() == Errc::kNotFound);
  }
  CHECK(show_dead_letters(fixture.home, "f&limit=1", 1).error().code() == Errc::kNotFound);
}

TEST_CASE("A file that a process without a socket has open is busy") {
  Fixture fixture;
  const std::unique_ptr<Queue> queue = fixture.open();
  const Result<std::string> text = show_dead_letters(fixture.home, {}, 10);
  REQUIRE_FALSE(text);
  CHECK(text.error().code() == Errc::kBusy);
  CHECK(replay_dead_letter(fixture.home, "x").error().code() == Errc::kBusy);
}

TEST_CASE("While a daemon runs it is asked") {
  Fixture fixture;
  const std::unique_ptr<Queue> queue = fixture.open();
  gateway::Routes routes;
  add_event_routes(routes, fixture.home, *queue,
                   [](const gateway::Request& request) { return request.trusted; });
  gateway::http::ServerOptions options;
  options.addresses = {};
  options.unix_socket = fixture.home.root() / store::kDaemonSocket;
  const Result<std::unique_ptr<gateway::http::Server>> server =
      gateway::http::Server::start(fixture.pool, routes, options);
  REQUIRE_MESSAGE(server, server.error().message());

  const std::string one = Fixture::dead_letter(*queue, "f");
  const std::string two = Fixture::dead_letter(*queue, "g");
  CHECK(fixture.shown().size() == 2);
  REQUIRE(fixture.shown("f").size() == 1);
  CHECK(fixture.shown("f")[0]["event_id"] == one);
  REQUIRE(replay_dead_letter(fixture.home, one));
  await_stats(*queue, [](const EventStats& now) { return now.dead == 3; });
  CHECK(discard_dead_letter(fixture.home, two));
  const Status again = discard_dead_letter(fixture.home, two);
  REQUIRE_FALSE(again);
  CHECK(again.error().code() == Errc::kNotFound);
  CHECK(again.error().message() == "the daemon answers: no dead letter '" + two + "' is known");
  CHECK(fixture.shown().size() == 1);
  (void)(*server)->drain(1000);
}
