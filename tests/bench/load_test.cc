#include "bench/serving/load.h"

#include <doctest/doctest.h>

#include <map>
#include <vector>

#include "base/clock.h"
#include "tests/bench/http_peer.h"

using namespace fw;
using namespace fw::bench;

namespace {

struct Seen {
  std::string target;
  unsigned status = 0;
  std::string body;
  std::string failure;
  std::uint64_t latency_ns = 0;
};

LoadOptions to(const Service& peer, std::size_t connections) {
  LoadOptions options;
  options.port = peer.port();
  options.connections = connections;
  options.limit_ns = 60 * kNsPerSecond;
  return options;
}

// All of them in order.
std::vector<Seen> fire(const LoadOptions& options, const std::vector<Shot>& shots) {
  std::size_t sent = 0;
  std::vector<Seen> seen;
  const Status ran = run_load(
      options,
      [&]() -> std::optional<Shot> {
        if (sent == shots.size()) return std::nullopt;
        return shots[sent++];
      },
      [&](const Hit& hit) {
        seen.push_back({hit.shot->target, hit.status, std::string(hit.body),
                        std::string(hit.failure), hit.latency_ns});
      });
  REQUIRE_MESSAGE(ran.has_value(), ran.error().message());
  return seen;
}

}  // namespace

TEST_CASE("Every request of a schedule is answered once, with its own answer") {
  const Service peer = test::start_peer();
  std::vector<Shot> shots;
  for (int i = 0; i < 200; ++i) shots.push_back({0, "/echo", "body " + std::to_string(i), 0});
  std::map<std::string, int> bodies;
  for (const Seen& seen : fire(to(peer, 7), shots)) {
    CHECK_MESSAGE(seen.status == 200, seen.failure);
    ++bodies[seen.body];
  }
  CHECK(bodies.size() == 200);
}

TEST_CASE("A status is told as it is, and a connection without an answer as a failure") {
  const Service peer = test::start_peer();
  const std::vector<Seen> seen =
      fire(to(peer, 1), {{0, "/status/503", "x", 0}, {0, "/hangup", "y", 0}, {0, "/echo", "z", 0}});
  REQUIRE(seen.size() == 3);
  CHECK(seen[0].status == 503);
  CHECK(seen[0].body == "x");
  CHECK(seen[1].status == 0);
  CHECK_FALSE(seen[1].failure.empty());
  CHECK(seen[2].status == 200);
}

TEST_CASE("A latency is counted from when a request was due, though it had to wait") {
  const Service peer = test::start_peer();
  // One connection: the second can be sent only when the first was answered.
  const std::vector<Seen> seen =
      fire(to(peer, 1), {{0, "/lazy/300", "a", 0}, {0, "/echo", "b", 0}});
  REQUIRE(seen.size() == 2);
  CHECK(seen[1].latency_ns >= 300 * kNsPerMs);
}

TEST_CASE("Nothing is sent before it is due") {
  const Service peer = test::start_peer();
  const std::uint64_t started = monotonic_ns();
  const std::vector<Seen> seen = fire(to(peer, 4), {{200 * kNsPerMs, "/echo", "a", 0}});
  CHECK(seen.size() == 1);
  CHECK(monotonic_ns() - started >= 200 * kNsPerMs);
}

TEST_CASE("A load ends when its time is up, and when its tick fails") {
  const Service peer = test::start_peer();
  bool sent = false;
  const NextShot once = [&]() -> std::optional<Shot> {
    if (std::exchange(sent, true)) return std::nullopt;
    return Shot{0, "/lazy/60000", "a", 0};
  };
  LoadOptions options = to(peer, 1);
  options.limit_ns = 200 * kNsPerMs;
  const Status late = run_load(options, once, [](const Hit&) {});
  REQUIRE_FALSE(late);
  CHECK(late.error().code() == Errc::kTimeout);

  sent = false;
  options.limit_ns = 60 * kNsPerSecond;
  options.tick = [] { return Status(fail(Errc::kDied, "as wanted")); };
  const Status stopped = run_load(options, once, [](const Hit&) {});
  REQUIRE_FALSE(stopped);
  CHECK(stopped.error().message() == "as wanted");
}

TEST_CASE("A server that is not there fails each request, and one that answers badly is told") {
  LoadOptions options;
  options.port = free_port().value();
  const std::vector<Seen> seen = fire(options, {{0, "/a", "", 0}, {0, "/b", "", 0}});
  REQUIRE(seen.size() == 2);
  CHECK(seen[0].failure.find("connect") != std::string::npos);
  const Service peer = test::start_peer();
  CHECK(ask_once(peer.port(), "/echo", "hello").value() == "hello");
  const Result<std::string> bad = ask_once(peer.port(), "/status/500", "oops");
  REQUIRE_FALSE(bad);
  CHECK(bad.error().message() == "/status/500: status 500: oops");
}

TEST_CASE("A load without connections is refused") {
  LoadOptions options;
  options.connections = 0;
  CHECK_FALSE(run_load(
      options, [] { return std::nullopt; }, [](const Hit&) {}));
}
