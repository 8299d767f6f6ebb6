// What a restored Python process costs in memory and faults, in counts that have a margin.
#include <doctest/doctest.h>

#include "tests/e2e/installation.h"

using namespace fw::testing;
using nlohmann::json;

namespace {

// Private memory: pages that were written, kilobytes.
std::int64_t own_kb(const json& result) {
  REQUIRE(result["kb"].is_object());
  return result["kb"]["Private_Dirty"].get<std::int64_t>() +
         result["kb"]["Swap"].get<std::int64_t>();
}

}  // namespace

TEST_CASE("A restored process of the standard library alone writes to little of its memory") {
  const Installation fwrun;
  fwrun.install("../python_image/plain.py");
  for (int i = 0; i < 3; ++i) {
    const json result = fwrun.result("plain", {{"name", "Ada"}, {"tell", true}});
    CHECK(own_kb(result) <= 1024);
    CHECK(result["faults"] <= 400);
  }
}

TEST_CASE("A restored process with Numba has less than 2 MB of its own after 100 calls") {
  const Installation fwrun;
  const json installed = fwrun.install("../python_image/memory.py");
  const json& functions = installed["report"]["functions"];
  CHECK(functions.dump().find("\"tier\":\"numba\"") != std::string::npos);

  const json once = fwrun.result("memory", {{"calls", 1}, {"points", 1000}, {"tell", true}});
  CHECK(own_kb(once) <= 1024);
  CHECK(once["faults"] <= 800);
  const json often = fwrun.result("memory", {{"calls", 100}, {"points", 1000}, {"tell", true}});
  CHECK(own_kb(often) <= 1024);
  // A hundred calls need no more than a few pages beyond those of one.
  CHECK(own_kb(often) <= own_kb(once) + 128);
}

TEST_CASE("A collection of garbage does not copy the heap of a restored process") {
  const Installation fwrun;
  fwrun.install("../python_image/memory.py");
  const json event{{"calls", 1}, {"points", 1000}, {"tell", true}};
  const json without = fwrun.result("memory", event);
  json collecting = event;
  collecting["collect"] = true;
  const json with = fwrun.result("memory", collecting);
  CHECK(with["frozen"] > 50'000);  // whose pages a collection would write to
  CHECK(own_kb(with) <= own_kb(without) + 256);
  CHECK(with["faults"] <= without["faults"].get<int>() + 100);
}
