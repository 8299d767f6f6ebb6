// Nothing that must differ between restored processes of a Python function is the same
// in two of a thousand; what the function seeded goes on as it was.
#include <doctest/doctest.h>

#include <chrono>
#include <set>

#include "base/clock.h"
#include "tests/e2e/installation.h"

using namespace fw;
using namespace fw::testing;
using nlohmann::json;

namespace {

std::int64_t wall_ns() {
  using namespace std::chrono;
  return duration_cast<nanoseconds>(system_clock::now().time_since_epoch()).count();
}

}  // namespace

TEST_CASE("A thousand clones of a Python function draw nothing twice, and know time and pid") {
  constexpr int kClones = 1000;
  const Installation fwrun;
  fwrun.install("../python_image/unique.py");
  std::map<std::string, std::set<std::string>> drawn;
  std::map<std::string, std::set<std::string>> kept;
  for (int i = 0; i < kClones; ++i) {
    const std::int64_t wall_before = wall_ns();
    const std::uint64_t monotonic_before = monotonic_ns();
    const json result = fwrun.result("unique");
    for (const char* draw : {"drawn", "again"}) {
      for (const auto& [kind, value] : result[draw].items()) {
        drawn[kind].insert(value.dump());
      }
    }
    for (const char* same : {"seeded", "at_import", "hash"}) kept[same].insert(result[same].dump());
    CHECK(result["pid"] == 1);
    CHECK(result["time"] >= wall_before);
    CHECK(result["time"] <= wall_ns());
    CHECK(result["monotonic"] >= monotonic_before);
    CHECK(result["monotonic"] <= monotonic_ns());
  }
  CHECK(drawn.size() == 34);
  for (const auto& kind : drawn) CHECK_MESSAGE(kind.second.size() == 2 * kClones, kind.first);
  for (const auto& kind : kept) CHECK_MESSAGE(kind.second.size() == 1, kind.first);
}

TEST_CASE("Generators that a Python function seeded go on with their sequences in every clone") {
  const Installation fwrun;
  fwrun.install("../python_image/seeded.py");
  const json first = fwrun.result("seeded", {{"replay", true}});
  CHECK(first["calls"] > 1);
  CHECK(first["drawn"].size() == 23);
  CHECK(first["drawn"] == first["replayed"]);
  for (int i = 0; i < 50; ++i) {
    const json result = fwrun.result("seeded");
    CHECK(result["drawn"] == first["drawn"]);
    CHECK(result["calls"] == first["calls"]);
  }
}
