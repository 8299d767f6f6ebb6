// A function that fails, in every way.
#include <doctest/doctest.h>

#include "tests/e2e/installation.h"

using namespace fw::testing;
using nlohmann::json;

TEST_CASE("What a handler throws is told by type, message and trace of the user's lines") {
  const Installation fwrun;
  fwrun.install("failing.js");
  CHECK(fwrun.result("failing") == "fine");

  json error = fwrun.error("failing", {{"way", "throws"}});
  CHECK(error["errorType"] == "TypeError");
  CHECK(error["errorMessage"] == "thrown");
  CHECK(error["trace"][0] == "TypeError: thrown");
  CHECK(contains(error["trace"][1], "failing.js:10:"));

  error = fwrun.error("failing", {{"way", "rejects"}});
  CHECK(error["errorType"] == "CustomError");
  CHECK(error["errorMessage"] == "rejected");

  error = fwrun.error("failing", {{"way", "text"}});
  CHECK(error["errorMessage"] == "only text");
  CHECK(error["trace"].is_array());

  error = fwrun.error("failing", {{"way", "overflow"}});
  CHECK(error["errorType"] == "RangeError");
}

TEST_CASE("Errors outside the handler's own call are told, too") {
  const Installation fwrun;
  fwrun.install("failing.js");
  json error = fwrun.error("failing", {{"way", "uncaught"}});
  CHECK(error["errorType"] == "Error");
  CHECK(error["errorMessage"] == "later");
  error = fwrun.error("failing", {{"way", "unhandled"}});
  CHECK(contains(error["errorType"], "UnhandledPromiseRejection"));
  CHECK(contains(error["errorMessage"], "nobody"));
  error = fwrun.error("failing", {{"way", "forgotten"}});
  CHECK(error["errorType"] == "Runtime.NeverSettles");
}

TEST_CASE("A result that JSON cannot hold is an error that names the part") {
  const Installation fwrun;
  fwrun.install("failing.js", {"--memory", "512", "--timeout", "30"});
  json error = fwrun.error("failing", {{"way", "cycle"}});
  CHECK(contains(error["errorType"], "NotSerialisable"));
  CHECK(contains(error["errorMessage"], "result.list[1].a"));
  error = fwrun.error("failing", {{"way", "bigint"}});
  CHECK(contains(error["errorType"], "NotSerialisable"));
  CHECK(contains(error["errorMessage"], "result.amount is a BigInt"));
  error = fwrun.error("failing", {{"way", "large"}});
  CHECK(contains(error["errorType"], "TooLarge"));
  CHECK(fwrun.result("failing", {{"way", "nothing"}}) == nullptr);
}

TEST_CASE("A handler that does not answer in time is killed, busy or idle") {
  const Installation fwrun;
  fwrun.install("failing.js", {"--timeout", "0.25"});
  for (const char* way : {"never", "spins"}) {
    CAPTURE(way);
    const json error = fwrun.error("failing", {{"way", way}}, 3);
    CHECK(error["errorType"] == "Sandbox.Timedout");
    CHECK(error["errorMessage"] == "Task timed out after 0.25 seconds");
  }
  CHECK(fwrun.result("failing") == "fine");
}

TEST_CASE("A handler that ends its process is told so, with what it had printed") {
  const Installation fwrun;
  fwrun.install("failing.js");
  json error = fwrun.error("failing", {{"way", "exit"}});
  CHECK(error["errorType"] == "Runtime.ExitError");
  CHECK(contains(error["errorMessage"], "3"));
  // Not to be taken for the restorer's own exit code.
  error = fwrun.error("failing", {{"way", "exit121"}});
  CHECK(error["errorType"] == "Runtime.ExitError");
  CHECK(contains(error["errorMessage"], "121"));

  const json answer = fwrun.invoke("failing", {{"way", "abort"}});
  CHECK(answer["error"]["errorType"] == "Runtime.Crash");
  CHECK(contains(answer["error"]["errorMessage"], "was killed by signal"));
  REQUIRE_FALSE(answer["logs"].empty());
  CHECK(answer["logs"][0]["text"] == "about to abort\n");
}

TEST_CASE("Without --json an error goes to standard error as JSON, and nothing to output") {
  const Installation fwrun;
  fwrun.install("failing.js");
  const Finished finished =
      fwrun.command({"--invoke", "failing", "--args", R"({"way":"throws"})"}).run();
  CHECK(finished.code == 1);
  CHECK(finished.out.empty());
  const json error = json::parse(finished.err);
  CHECK(error["errorType"] == "TypeError");
  CHECK(error["errorMessage"] == "thrown");
  CHECK(error["trace"].is_array());
}
