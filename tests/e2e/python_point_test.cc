// Where a Python function is captured.
#include "tests/e2e/python_functions.h"

using namespace fw::testing;
using nlohmann::json;

namespace {

// Installs it, captured at that line.
json captured_at(const Installation& fwrun, const std::string& name, const char* kind, int line) {
  const json report = install_python(fwrun, name)["report"];
  CHECK(report["annotation"]["kind"] == kind);
  CHECK(report["annotation"]["line"] == line);
  return report;
}

}  // namespace

TEST_CASE("@snapshot_here above other decorators: they run for each event") {
  const Installation fwrun;
  CHECK(captured_at(fwrun, "at_handler", "function", 19)["warnings"] == json::array());
  const json answer = fwrun.invoke("at_handler", {{"n", 7}});
  const json& result = answer["result"];
  CHECK(result[0][0] == 7);
  CHECK(result[0][2] == answer["request_id"]);
  CHECK(result[1].back() == 7);
  CHECK(fwrun.result("at_handler", {{"n", 8}})[0][1] == result[0][1]);
}

TEST_CASE("@snapshot_here below other decorators: they have run, and a warning says so") {
  const Installation fwrun;
  const json report = captured_at(fwrun, "under_decorator", "function", 18);
  CHECK(contains(report["warnings"][0],
                 "under_decorator.py:17: this decorator runs before the capture"));
  json answer = fwrun.invoke("under_decorator", {{"n", 7}});
  CHECK(answer["result"] == json{{"framed", {7, answer["request_id"]}}, {"seen", 1}});

  captured_at(fwrun, "under_async", "function", 19);
  answer = fwrun.invoke("under_async", {{"n", 7}});
  CHECK(answer["result"] == json{"wrapped", {7, answer["request_id"]}});
}

TEST_CASE("@snapshot_here on an async handler captures before its body") {
  const Installation fwrun;
  captured_at(fwrun, "at_async", "function", 9);
  const json answer = fwrun.invoke("at_async", {{"n", 7}});
  CHECK(answer["result"] == json{7, answer["request_id"]});
}

TEST_CASE("As a statement: parameters are the invocation's, what was computed before is kept") {
  const Installation fwrun;
  captured_at(fwrun, "statement", "statement", 16);
  const json answer = fwrun.invoke("statement", {{"n", 9}, {"extra", "x"}});
  const json& first = answer["result"];
  CHECK(first["square"] == 81);
  CHECK(first["trained_with"] == 3);
  CHECK(first["event"] == json{{"n", 9}, {"extra", "x"}});
  CHECK(first["request"] == answer["request_id"]);
  CHECK(first["left"] > 0);
  CHECK(first["left"] <= 3000);
  const json second = fwrun.result("statement", {{"n", 10}});
  CHECK(second["square"] == 100);
  CHECK(second["before"] == first["before"]);
  CHECK(second["prepared"] == first["prepared"]);
  // The lines of traces are those of the source.
  const json error = fwrun.error("statement", {{"n", 4}, {"fail", true}});
  CHECK(error["errorMessage"] == "16");
  CHECK(contains(error["stackTrace"][0], "statement.py\", line 18, in handler"));
  CHECK(contains(error["stackTrace"][0], "raise ValueError(table[event['n']])"));
}

TEST_CASE("In the middle of a coroutine: its loop, tasks and threads go on") {
  const Installation fwrun;
  captured_at(fwrun, "async_statement", "statement", 12);
  CHECK(fwrun.result("async_statement", {{"n", 7}}) == json{7, {"a", "b"}, "task of before", 49});
}

TEST_CASE("As a value it is the invocation's event, in whatever function it stands") {
  const Installation fwrun;
  captured_at(fwrun, "value", "statement", 9);
  CHECK(fwrun.result("value", {{"n", 7}}) == json{"7", {{"n", 7}}});
}

TEST_CASE("In a loop the first round captures, and the others pass it by") {
  const Installation fwrun;
  captured_at(fwrun, "loops", "statement", 11);
  CHECK(fwrun.result("loops", {{"n", 7}}) == json{0, 7, 1, 7, 2, 7});
}

TEST_CASE("A module that calls its handler itself passes the point by, parameters unchanged") {
  const Installation fwrun;
  captured_at(fwrun, "primed", "statement", 11);
  CHECK(fwrun.result("primed", {{"n", 7}}) == json{7, false, {"primed", true, nullptr}});
}

TEST_CASE("At the top level what follows runs in each restored process") {
  const Installation fwrun;
  const json report = install_python(fwrun, "top_level", {"--env", "GREETING=hi"})["report"];
  CHECK(report["annotation"]["kind"] == "toplevel");
  CHECK(report["training"]["rounds"] > 1);
  const json first = fwrun.result("top_level", {{"n", 7}});
  CHECK(first["event"] == json{{"n", 7}});
  CHECK(first["seen"] == json{{"n", 7}});
  CHECK(first["variable"] == "hi");
  const json second = fwrun.result("top_level", {{"n", 8}});
  CHECK(second["before"] == first["before"]);
  CHECK(second["after"] > first["after"]);

  const json early = install_python(fwrun, "top_level_early")["report"];
  CHECK(contains(early["warnings"][0],
                 "top_level_early.py:5: the handler is not defined yet where the snapshot is"));
  CHECK(fwrun.result("top_level_early", {{"n", 7}}) == 49);
}

TEST_CASE("What fails behind a point at the top level fails the invocation") {
  const Installation fwrun;
  install_python(fwrun, "top_level_errors");
  CHECK(fwrun.result("top_level_errors", {{"a", 1}}) == json{{"a", 1}});
  json error = fwrun.error("top_level_errors", {{"way", "raises"}});
  CHECK(error["errorType"] == "ValueError");
  REQUIRE(error["stackTrace"].size() == 1);
  CHECK(contains(error["stackTrace"][0], "top_level_errors.py\", line 13, in <module>"));
  CHECK(fwrun.error("top_level_errors", {{"way", "exits"}})["errorType"] == "Runtime.ExitError");
  CHECK(fwrun.error("top_level_errors", {{"way", "forgets"}})["errorType"] == "Load.NoHandler");
}

TEST_CASE("Two points, and points that cannot be, are refused with their place") {
  const Installation fwrun;
  for (const auto& [name, place] : std::vector<std::pair<std::string, std::string>>{
           {"doubled.py", "doubled.py:7:5: "},
           {"misplaced.py", "misplaced.py:6:13: "},
           {"elsewhere.py", "elsewhere_part.py:5:5: "}}) {
    CAPTURE(name);
    const Finished finished = fwrun.try_install(in_python(name));
    CHECK(finished.code == 6);
    CHECK(contains(finished.json()["error"]["message"], place + "Annotation.Misplaced: "));
  }
}

TEST_CASE("A point that the call with the first training event does not reach is an error") {
  const Installation fwrun;
  const Finished finished = fwrun.try_install(in_python("not_reached.py"));
  CHECK(finished.code == 6);
  const json error = finished.json()["error"];
  CHECK(error["errorType"] == "Annotation.NotReached");
  CHECK(error["line"] == 9);
  CHECK(error["column"] == 9);
}

TEST_CASE("User code that catches everything does not catch why a capture failed") {
  const Installation fwrun;
  Finished finished = fwrun.try_install(in_python("broken/catches.py"));
  CHECK(finished.code == 6);
  json error = finished.json()["error"];
  CHECK(error["errorType"] == "Hook.Failed");
  CHECK(contains(error["message"], "not today"));
  finished = fwrun.try_install(in_python("broken/top_level_training.py"));
  CHECK(finished.code == 6);
  error = finished.json()["error"];
  CHECK(error["errorType"] == "Training.Exception");
  CHECK(contains(error["message"], "top_level_training.py:8:12: "));
}
