// A Python function that fails, in every way.
#include "tests/e2e/python_functions.h"

using namespace fw::testing;
using nlohmann::json;

namespace {

// Its error must have this type and message, and a trace that ends in this function.
void expect_error(const Installation& fwrun, const char* way, const char* type,
                  const std::string& message, const std::string& raised_in) {
  CAPTURE(way);
  const json error = fwrun.error("failing", {{"way", way}});
  CHECK(error["errorType"] == type);
  CHECK(error["errorMessage"] == message);
  REQUIRE(error["stackTrace"].size() == 2);
  CHECK(contains(error["stackTrace"][0], "python/failing.py\", line "));
  CHECK(contains(error["stackTrace"][0], ", in handler\n    return globals()"));
  CHECK(contains(error["stackTrace"][1], ", in " + raised_in + "\n"));
}

}  // namespace

TEST_CASE("What a Python handler raises is told by type, message and the user's own lines") {
  const Installation fwrun;
  install_python(fwrun, "failing");
  CHECK(fwrun.result("failing") == "fine");
  expect_error(fwrun, "raises", "TypeError", "thrown", "raises");
  expect_error(fwrun, "custom", "CustomError", "code 7", "custom");
  expect_error(fwrun, "base", "Worse", "not an Exception", "base");
  expect_error(fwrun, "quiet", "Quiet", "", "quiet");
  expect_error(fwrun, "chained", "ValueError", "chained", "chained");
  expect_error(fwrun, "unicode", "ValueError", "häßlich \xF0\x9F\x98\x80 \\udc80", "unicode");
  expect_error(fwrun, "group", "ExceptionGroup", "two (2 sub-exceptions)", "group");
  expect_error(fwrun, "interrupts", "KeyboardInterrupt", "", "interrupts");
  expect_error(fwrun, "memory", "MemoryError", "", "memory");
  expect_error(fwrun, "hostile", "Hostile",
               "<the message cannot be read: __str__ raised RuntimeError>", "hostile");

  // The whole of it, once.
  const json error = fwrun.error("failing", {{"way", "raises"}});
  CHECK(contains(error["stackTrace"][1], "line 33, in raises\n    raise TypeError('thrown')\n"));
  CHECK(error.size() == 3);
}

TEST_CASE("Lines of libraries that the user called are told, too, and deep recursion is cut") {
  const Installation fwrun;
  install_python(fwrun, "failing");
  json error = fwrun.error("failing", {{"way", "library"}});
  CHECK(error["errorType"] == "JSONDecodeError");
  CHECK(contains(error["stackTrace"][2], "/json/__init__.py\""));
  error = fwrun.error("failing", {{"way", "deep"}});
  CHECK(error["errorType"] == "RecursionError");
  CHECK(contains(error["stackTrace"].back(), "[Previous line repeated "));
  CHECK(fwrun.result("failing") == "fine");
}

TEST_CASE("Errors in coroutines are told by the coroutines' lines alone") {
  const Installation fwrun;
  install_python(fwrun, "failing_async", {"--timeout", "0.5"});
  for (const char* way : {"raises", "task"}) {
    CAPTURE(way);
    const json error = fwrun.error("failing_async", {{"way", way}});
    CHECK(error["errorType"] == "LookupError");
    CHECK(error["errorMessage"] == "awaited");
    REQUIRE(error["stackTrace"].size() == 2);
    CHECK(contains(error["stackTrace"][0], "failing_async.py\", line "));
    CHECK(contains(error["stackTrace"][1], "line 9, in inner\n"));
  }
  CHECK(fwrun.error("failing_async", {{"way", "cancelled"}})["errorType"] == "CancelledError");
  CHECK(contains(fwrun.error("failing_async", {{"way", "stops"}})["errorMessage"], "loop stopped"));
  CHECK(fwrun.error("failing_async", {{"way", "exits"}})["errorType"] == "Runtime.ExitError");
  CHECK(fwrun.error("failing_async", {{"way", "never"}}, 3)["errorType"] == "Sandbox.Timedout");

  install_python(fwrun, "failing");
  const json error = fwrun.error("failing", {{"way", "asynchronous"}});
  CHECK(error["errorType"] == "LookupError");
  CHECK(contains(error["stackTrace"].back(), ", in inner\n"));
}

TEST_CASE("What a thread raises is its own affair, and is written to standard error") {
  const Installation fwrun;
  install_python(fwrun, "failing");
  const json answer = fwrun.invoke("failing", {{"way", "thread"}});
  CHECK(answer["result"] == "the thread is its own affair");
  std::string text;
  for (const json& entry : answer["logs"]) {
    CHECK(entry["stream"] == "stderr");
    text += entry["text"].get<std::string>();
  }
  CHECK(contains(text, "Exception in thread Thread-1 (work):\nTraceback (most recent"));
  CHECK(contains(text, "ValueError: in a thread\n"));
}

TEST_CASE("A result of Python that JSON cannot hold is an error that names the part") {
  const Installation fwrun;
  install_python(fwrun, "failing", {"--timeout", "30", "--memory", "512"});
  const std::vector<std::pair<const char*, const char*>> ways{
      {"nan", "result.values[1] is NaN, which JSON cannot hold"},
      {"infinity", "result is -Infinity, which JSON cannot hold"},
      {"a_set", "result.names is a set, which JSON cannot hold: convert it"},
      {"a_class", "result.error is a CustomError, which JSON cannot hold"},
      {"circle", "result.list[1] refers back to result"},
      {"bad_key", "result has a key that is a tuple"},
      {"lone", "result[0] holds the lone surrogate \\ud800"},
      {"nested", "nested too deeply"},
  };
  for (const auto& [way, message] : ways) {
    CAPTURE(way);
    const json error = fwrun.error("failing", {{"way", way}});
    CHECK(error["errorType"] == "Runtime.ResultNotSerialisable");
    CHECK(contains(error["errorMessage"], message));
  }
  const json error = fwrun.error("failing", {{"way", "large"}});
  CHECK(error["errorType"] == "Runtime.ResultTooLarge");
  CHECK(fwrun.result("failing", {{"way", "nothing"}}) == nullptr);
}

TEST_CASE("sys.exit() in a Python handler is an error, whatever is passed to it") {
  const Installation fwrun;
  install_python(fwrun, "failing");
  const std::vector<std::pair<const char*, const char*>> ways{
      {"exits", "sys.exit(3)"},
      {"exits_quietly", "sys.exit()"},
      {"exits_with_text", "sys.exit('a reason')"}};
  for (const auto& [way, call] : ways) {
    CAPTURE(way);
    const json error = fwrun.error("failing", {{"way", way}});
    CHECK(error["errorType"] == "Runtime.ExitError");
    CHECK(error["errorMessage"] ==
          "the function called " + std::string(call) + " instead of returning a result");
    CHECK(contains(error["stackTrace"][1], std::string(", in ") + way + "\n"));
  }
}

TEST_CASE("A Python process that ends or crashes is told so, with what it had printed") {
  const Installation fwrun;
  install_python(fwrun, "failing");
  json answer = fwrun.invoke("failing", {{"way", "leaves"}});
  CHECK(answer["error"]["errorType"] == "Runtime.ExitError");
  CHECK(contains(answer["error"]["errorMessage"], "exited with code 5"));
  CHECK(answer["logs"][0]["text"] == "about to leave\n");

  answer = fwrun.invoke("failing", {{"way", "crashes"}});
  CHECK(answer["error"]["errorType"] == "Runtime.Crash");
  CHECK(contains(answer["error"]["errorMessage"], "killed by signal 11"));
  CHECK(answer["logs"][0]["text"] == "about to crash\n");

  CHECK(fwrun.error("failing", {{"way", "aborts"}})["errorType"] == "Runtime.Crash");
  // Not to be taken for the restorer's own exit code.
  CHECK(contains(fwrun.error("failing", {{"way", "leaves_as_restorer"}})["errorMessage"], "121"));
  CHECK(fwrun.result("failing") == "fine");
}

TEST_CASE("A Python handler that does not answer in time is killed, busy or asleep") {
  const Installation fwrun;
  install_python(fwrun, "failing", {"--timeout", "0.25"});
  for (const char* way : {"spins", "sleeps"}) {
    CAPTURE(way);
    const json error = fwrun.error("failing", {{"way", way}}, 3);
    CHECK(error["errorType"] == "Sandbox.Timedout");
    CHECK(error["errorMessage"] == "Task timed out after 0.25 seconds");
  }
  CHECK(fwrun.result("failing") == "fine");
}
