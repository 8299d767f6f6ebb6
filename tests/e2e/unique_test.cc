// Nothing that must differ between clones is the same in two of a thousand.
#include <doctest/doctest.h>

#include <chrono>
#include <set>

#include "tests/e2e/installation.h"

using namespace fw::testing;
using nlohmann::json;

namespace {

double now_ms() {
  using namespace std::chrono;
  return duration<double, std::milli>(system_clock::now().time_since_epoch()).count();
}

double monotonic_now_ns() {
  using namespace std::chrono;
  return duration<double, std::nano>(steady_clock::now().time_since_epoch()).count();
}

}  // namespace

TEST_CASE("A thousand clones draw no random value twice, and know time and pid") {
  constexpr int kClones = 1000;
  const Installation fwrun;
  fwrun.install("unique.js", {"--train", fixture("unique.train.json")});
  std::map<std::string, std::set<std::string>> seen;
  std::set<std::string> at_load;
  for (int i = 0; i < kClones; ++i) {
    const double wall_before = now_ms();
    const double monotonic_before = monotonic_now_ns();
    const json result = fwrun.result("unique");
    const double wall_after = now_ms();
    const double monotonic_after = monotonic_now_ns();

    for (const auto& [kind, value] : result["drawn"].items()) {
      if (value.is_array()) {
        for (const json& one : value) seen[kind].insert(one.dump());
      } else {
        seen[kind].insert(value.dump());
      }
    }
    at_load.insert(result["uuidAtLoad"].dump());
    // Clocks are read in whole milliseconds, or as sums of doubles.
    constexpr double kRounding = 2;
    for (const char* clock : {"now", "date", "performance"}) {
      CAPTURE(clock);
      CHECK(result[clock].get<double>() >= wall_before - kRounding);
      CHECK(result[clock].get<double>() <= wall_after + kRounding);
    }
    const double hrtime = std::stod(result["hrtime"].get<std::string>());
    CHECK(hrtime >= monotonic_before);
    CHECK(hrtime <= monotonic_after);
    CHECK(result["pid"] == 1);
    CHECK(result["uptime"].get<double>() >= 0);
    CHECK(result["uptime"].get<double>() * 1000 <= wall_after - wall_before + kRounding);
  }
  CHECK(seen["random"].size() == 2 * kClones);
  for (const char* kind : {"bytes", "uuid", "int", "web", "key"}) {
    CAPTURE(kind);
    CHECK(seen[kind].size() == kClones);
  }
  CHECK(at_load.size() == 1);  // that one was drawn before the snapshot
}
