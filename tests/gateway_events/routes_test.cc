#include "gateway/events/routes.h"

#include <doctest/doctest.h>

#include <future>
#include <nlohmann/json.hpp>

#include "gateway/events/admin.h"
#include "tests/gateway_events/asking.h"
#include "tests/gateway_events/scripted_pool.h"
#include "tests/store/store_fixture.h"

using namespace fw;
using namespace fw::testing;
using boost::beast::http::verb;
using fw::gateway::Exchange;
using fw::gateway::Response;
using fw::gateway::Routes;
using nlohmann::json;

namespace {

// "f" is installed. "null" succeeds, all other arguments fail for good.
std::optional<Result<pool::Served>> by_arguments(const pool::Call& call) {
  if (call.arguments == "null") return result();
  return Result<pool::Served>(fail(Errc::kBadInput, "not these"));
}

struct Asked {
  unsigned status = 0;
  json body;
  std::string text;
};

struct Fixture {
  TempFolder temp;
  store::Home home = make_home(temp / "home");
  std::filesystem::path file = events_file(home);
  ScriptedPool pool{by_arguments};
  std::unique_ptr<Queue> queue;
  Routes routes;

  Fixture() {
    REQUIRE(install_text(home, "f", "x"));
    Options options;
    options.max_payload = 1000;
    Result<std::unique_ptr<Queue>> opened = Queue::open(file, pool, options);
    REQUIRE(opened);
    queue = std::move(*opened);
    add_event_routes(routes, home, *queue,
                     [](const gateway::Request& request) { return request.trusted; });
  }

  Asked ask(verb method, const std::string& target, const std::string& body = {},
            const std::vector<std::pair<std::string, std::string>>& headers = {},
            bool trusted = true) const {
    auto exchange = std::make_shared<Exchange>();
    gateway::Request& request = exchange->request;
    request.method = method;
    request.target = target;
    const std::string_view whole = request.target;
    const std::size_t question = std::min(whole.find('?'), whole.size());
    request.path = whole.substr(0, question);
    request.query = whole.substr(std::min(question + 1, whole.size()));
    for (const auto& [name, value] : headers) request.headers.set(name, value);
    request.body = body;
    request.trusted = trusted;
    auto promise = std::make_shared<std::promise<Response>>();
    std::future<Response> future = promise->get_future();
    exchange->respond = [promise](Response response) { promise->set_value(std::move(response)); };
    routes.dispatch(exchange);
    REQUIRE(future.wait_for(std::chrono::seconds(60)) == std::future_status::ready);
    const Response response = future.get();
    return {response.status, json::parse(response.body, nullptr, false), response.body};
  }

  std::string dead_letter() const {
    const std::uint64_t before = queue->stats().dead;
    const Asked asked = ask(verb::post, "/events/f", R"({"a":"b"})");
    REQUIRE(asked.status == 202);
    await_stats(*queue, [before](const EventStats& now) { return now.dead == before + 1; });
    return asked.body["event_id"];
  }
};

bool contains(const json& text, std::string_view part) {
  return text.get<std::string>().find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("A submission is answered 202 with its ids, and its state can be asked for") {
  Fixture fixture;
  const Asked asked =
      fixture.ask(verb::post, "/events/f", "null",
                  {{"X-Request-Id", "mine"},
                   {"traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}});
  CHECK(asked.status == 202);
  CHECK(asked.body["request_id"] == "mine");
  CHECK_FALSE(asked.body.contains("duplicate"));
  await_stats(*fixture.queue, [](const EventStats& now) { return now.delivered == 1; });
  const pool::Call call = fixture.pool.calls().front();
  CHECK(call.request_id == "mine");
  CHECK(json::parse(call.call_context)["traceparent"] ==
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");

  const std::string id = asked.body["event_id"];
  const Asked state = fixture.ask(verb::get, "/events/" + id);
  CHECK(state.status == 200);
  CHECK(state.body["event_id"] == id);
  CHECK(state.body["function"] == "f");
  CHECK(state.body["request_id"] == "mine");
  CHECK(state.body["state"] == "done");
  CHECK(state.body["attempts"] == 1);
  CHECK(fixture.ask(verb::get, "/events/none").status == 404);
}

TEST_CASE("The same key is answered with the same event") {
  const Fixture fixture;
  const Asked first = fixture.ask(verb::post, "/events/f", "null", {{"Idempotency-Key", "k"}});
  const Asked again = fixture.ask(verb::post, "/events/f", "null", {{"Idempotency-Key", "k"}});
  CHECK(again.status == 202);
  CHECK(again.body["event_id"] == first.body["event_id"]);
  CHECK(again.body["duplicate"] == true);
}

TEST_CASE("A submission without a body is an empty object") {
  Fixture fixture;
  REQUIRE(fixture.ask(verb::post, "/events/f").status == 202);
  CHECK(fixture.pool.await_calls(1).front().arguments == "{}");
}

TEST_CASE("What cannot be an event is refused with its reason, and not kept") {
  const Fixture fixture;
  const Asked unknown = fixture.ask(verb::post, "/events/ff", "null");
  CHECK(unknown.status == 404);
  CHECK(contains(unknown.body["error"], "did you mean 'f'?"));
  CHECK(fixture.ask(verb::post, "/events/..%2Ff", "null").status == 404);
  const Asked bad = fixture.ask(verb::post, "/events/f", "{");
  CHECK(bad.status == 400);
  CHECK(contains(bad.body["error"], "the body"));
  const Asked large = fixture.ask(verb::post, "/events/f", std::string(1001, ' '));
  CHECK(large.status == 413);
  CHECK(contains(large.body["error"], "1001 bytes, and 1000 are allowed"));
  const Asked long_id =
      fixture.ask(verb::post, "/events/f", "null", {{"X-Request-Id", std::string(64, 'x')}});
  CHECK(long_id.status == 400);
  CHECK(fixture.queue->stats().submitted == 0);
  fixture.queue->close(0);
  CHECK(fixture.ask(verb::post, "/events/f", "null").status == 503);
}

TEST_CASE("Dead letters are listed with everything that is known of them") {
  const Fixture fixture;
  const std::string id = fixture.dead_letter();
  (void)fixture.dead_letter();
  const Asked asked = fixture.ask(verb::get, "/events/dead-letters?function=f&limit=5");
  CHECK(asked.status == 200);
  REQUIRE(asked.body["dead_letters"].size() == 2);
  const json letter = asked.body["dead_letters"][1];
  CHECK(letter["event_id"] == id);
  CHECK(letter["function"] == "f");
  CHECK(letter["reason"] == "input");
  CHECK(letter["error"] == "not these");
  CHECK(letter["arguments"] == json{{"a", "b"}});
  REQUIRE(letter["attempts"].size() == 1);
  CHECK(letter["attempts"][0]["outcome"] == "bad_input");
  CHECK(fixture.ask(verb::get, "/events/dead-letters?limit=1").body["dead_letters"].size() == 1);
  CHECK(fixture.ask(verb::get, "/events/dead-letters?function=g").body["dead_letters"].empty());
  CHECK(fixture.ask(verb::get, "/events/" + id).body["state"] == "dead");
}

TEST_CASE("A listing that is not understood is refused") {
  const Fixture fixture;
  for (const char* query :
       {"limit=0", "limit=1001", "limit=x", "limit=", "function=%zz", "size=1"}) {
    CAPTURE(query);
    CHECK(fixture.ask(verb::get, std::string("/events/dead-letters?") + query).status == 400);
  }
}

TEST_CASE("A dead letter is replayed or deleted by its id") {
  const Fixture fixture;
  const std::string id = fixture.dead_letter();
  const Asked replayed = fixture.ask(verb::post, "/events/dead-letters/" + id + "/replay");
  CHECK(replayed.status == 202);
  CHECK(replayed.body["event_id"] == id);
  await_stats(*fixture.queue, [](const EventStats& now) { return now.dead == 2; });
  CHECK(fixture.ask(verb::delete_, "/events/dead-letters/" + id).status == 204);
  CHECK(fixture.ask(verb::delete_, "/events/dead-letters/" + id).status == 404);
  CHECK(fixture.ask(verb::post, "/events/dead-letters/" + id + "/replay").status == 404);
}

TEST_CASE("Dead letters are for the administrator") {
  const Fixture fixture;
  const std::string id = fixture.dead_letter();
  const std::string path = "/events/dead-letters";
  CHECK(fixture.ask(verb::get, path, {}, {}, false).status == 403);
  CHECK(fixture.ask(verb::post, path + "/" + id + "/replay", {}, {}, false).status == 403);
  CHECK(fixture.ask(verb::delete_, path + "/" + id, {}, {}, false).status == 403);
  CHECK(fixture.queue->stats().dead_now == 1);
}
