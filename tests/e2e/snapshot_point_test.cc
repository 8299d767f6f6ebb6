// Annotations and hooks.
#include <doctest/doctest.h>

#include "tests/e2e/installation.h"

using namespace fw::testing;
using nlohmann::json;

TEST_CASE("Captured in the middle of the handler, each restore goes on with its own event") {
  const Installation fwrun;
  const json installed = fwrun.install("statement.js");
  CHECK(installed["report"]["annotation"]["kind"] == "statement");
  CHECK(installed["report"]["annotation"]["line"] == 7);
  const json first = fwrun.result("statement", {{"n", 9}, {"extra", "x"}});
  CHECK(first["square"] == 81);
  CHECK(first["event"] == json{{"n", 9}, {"extra", "x"}});
  const json second = fwrun.result("statement", {{"n", 10}});
  CHECK(second["square"] == 100);
  CHECK(second["prepared"] == first["prepared"]);
}

TEST_CASE("Captured at the top level, the rest of the file runs after each restore") {
  const Installation fwrun;
  const json installed = fwrun.install("top_level.js", {"--env", "GREETING=hi"});
  CHECK(installed["report"]["annotation"]["kind"] == "toplevel");
  const json first = fwrun.result("top_level");
  CHECK(first["fromEnvironment"] == "hi");
  CHECK(fwrun.result("top_level")["after"] > first["after"]);
}

TEST_CASE("Functions marked for the compiler are optimised, and the report proves it") {
  const Installation fwrun;
  const json installed = fwrun.install("at_function.js");
  CHECK(installed["report"]["annotation"]["kind"] == "function");
  bool found = false;
  for (const json& function : installed["report"]["functions"]) {
    if (function["name"] != "sum") continue;
    found = true;
    CHECK(function["tier"] == "turbofan");
    CHECK(function["line"] == 2);
  }
  CHECK(found);
  CHECK(fwrun.result("at_function", {{"n", 100}}) == 4950);
}

TEST_CASE("Two snapshot points, or one where none can be, are errors with their place") {
  const Installation fwrun;
  const Finished doubled = fwrun.try_install("doubled.js");
  CHECK(doubled.code == 6);
  CHECK(contains(doubled.json()["error"]["message"], "doubled.js:4:3: "));
  const Finished misplaced = fwrun.try_install("misplaced.js");
  CHECK(misplaced.code == 6);
  CHECK(contains(misplaced.json()["error"]["message"], "misplaced.js:3:5: "));
}

TEST_CASE("Hooks run last-registered first before, and first-registered first after") {
  const Installation fwrun;
  fwrun.install("hooks.js");
  CHECK(fwrun.result("hooks") == json{"before 2", "before 1", "after 1", "after 2"});
}

TEST_CASE("An after-restore hook that throws fails the invocation") {
  const Installation fwrun;
  const Finished installed = fwrun.try_install("after_hook_throws.js");
  // It runs in the proof of the image, so it cannot even be installed.
  CHECK(installed.code == 6);
  CHECK(contains(installed.json()["error"]["message"], "cannot reconnect"));
}
