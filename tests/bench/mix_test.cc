#include "bench/serving/soak/mix.h"

#include <doctest/doctest.h>

#include <set>

#include "tests/bench/http_peer.h"

using namespace fw;
using namespace fw::bench;

namespace {

// Of a peer that answers every event with itself.
Mix learnt() {
  const Service peer = test::start_peer();
  Mix mix;
  // Its paths are the daemon's; whatever the path, it answers.
  const Status learned = mix.learn(peer.port());
  REQUIRE_MESSAGE(learned.has_value(), learned.error().message());
  return mix;
}

Shot shot_of(Mix& mix, const std::string& key) {
  for (int i = 0; i < 1'000'000; ++i) {
    Shot shot = mix.next();
    if (mix.key(shot.kind) == key) return shot;
  }
  FAIL("no question has the key " << key);
  return {};
}

}  // namespace

TEST_CASE("A soak asks everything sooner or later, and never the same twice in a row") {
  Mix mix;
  std::set<std::size_t> kinds;
  std::string former;
  for (int i = 0; i < 500'000 && kinds.size() < mix.kinds(); ++i) {
    const Shot shot = mix.next();
    kinds.insert(shot.kind);
    REQUIRE(shot.body != former);
    former = shot.body;
  }
  CHECK(kinds.size() == mix.kinds());
}

TEST_CASE("An answer is right only if it is the one of its own call") {
  Mix mix = learnt();
  for (const char* key : {"nop", "nop_python", "words", "faulty.work", "faulty_python.leave"}) {
    CAPTURE(key);
    const Shot shot = shot_of(mix, key);
    CHECK(mix.judge({&shot, 200, shot.body}) == Verdict::kRight);
    CHECK(mix.judge({&shot, 500, shot.body}) == Verdict::kWrong);
    CHECK(mix.judge({&shot, 0, "", "read: end of stream"}) == Verdict::kWrong);
    const Shot other = shot_of(mix, key);
    CHECK(mix.judge({&shot, 200, other.body}) == Verdict::kWrong);
    CHECK(mix.judge({&shot, 200, shot.body + " "}) == Verdict::kWrong);
    CHECK(mix.judge({&shot, 200, "x" + shot.body}) == Verdict::kWrong);
  }
}

TEST_CASE("A call that was to fail is right when it failed so, and only then") {
  Mix mix = learnt();
  const Shot exits = shot_of(mix, "faulty.exit");
  CHECK(mix.judge({&exits, 200, R"({"errorType":"Runtime.ExitError"})"}) == Verdict::kRight);
  CHECK(mix.judge({&exits, 200, R"({"errorType":"Error"})"}) == Verdict::kWrong);
  CHECK(mix.judge({&exits, 200, exits.body}) == Verdict::kWrong);
  const Shot throws = shot_of(mix, "faulty_python.throw");
  CHECK(mix.judge({&throws, 200, R"({"errorType":"RuntimeError","errorMessage":"as asked"})"}) ==
        Verdict::kRight);
}

TEST_CASE("A call whose process was killed is told from one that went wrong") {
  Mix mix = learnt();
  const Shot shot = shot_of(mix, "nop");
  CHECK(mix.judge({&shot, 200,
                   R"({"errorType":"Runtime.Crash","errorMessage":"was killed by signal 9"})"}) ==
        Verdict::kKilled);
  CHECK(mix.judge({&shot, 200,
                   R"({"errorType":"Runtime.Crash","errorMessage":"was killed by signal 11"})"}) ==
        Verdict::kWrong);
}
