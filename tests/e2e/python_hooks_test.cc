// Hooks of Python functions: fwrun's own and those of AWS's module.
#include "tests/e2e/python_functions.h"

using namespace fw::testing;
using nlohmann::json;

TEST_CASE("Hooks run with their arguments, the last first before, the first first after") {
  const Installation fwrun;
  install_python(fwrun, "hooks");
  const json log{"before 4: a method",
                 {"before 3", {1}, {{"two", 2}}},
                 "before 2",
                 "before 1",
                 {"after 1", {1}, {{"two", 2}}},
                 {"after 2", json::array(), json::object()},
                 {"after 2", json::array(), json::object()},
                 "after 3",
                 "after 4: a method"};
  // As decorators they leave functions what they are.
  CHECK(fwrun.result("hooks") == json{log, "first", "last"});
  CHECK(fwrun.result("hooks") == json{log, "first", "last"});
}

TEST_CASE("Hooks, async ones too, run where a coroutine is captured in its middle") {
  const Installation fwrun;
  install_python(fwrun, "hooks_and_statement");
  CHECK(fwrun.result("hooks_and_statement") ==
        json{"async before", "before", "after", "async after"});
  install_python(fwrun, "hooks_and_own_loop");
  CHECK(fwrun.result("hooks_and_own_loop", {{"n", 5}}) == json{5, {"before", "after"}});
}

TEST_CASE("An after-restore hook that fails, exits or hangs fails the invocation") {
  const Installation fwrun;
  const auto file = fwrun / "hook";
  write_text(file, "go on");
  install_python(fwrun, "hook_event", {"--env", "HOOK_FILE=" + file.string(), "--timeout", "0.5"});
  CHECK(fwrun.result("hook_event") == "served");

  write_text(file, "fail");
  json error = fwrun.error("hook_event", {});
  CHECK(error["errorType"] == "Hook.Failed");
  CHECK(contains(error["errorMessage"], "the after-restore hook reconnect at "));
  CHECK(contains(error["errorMessage"], "hook_event.py:9 failed: ConnectionError: cannot"));
  REQUIRE(error["stackTrace"].size() == 1);
  CHECK(contains(error["stackTrace"][0], "hook_event.py\", line 14, in reconnect"));

  write_text(file, "exit");
  error = fwrun.error("hook_event", {});
  CHECK(error["errorType"] == "Hook.Failed");
  CHECK(contains(error["errorMessage"], "SystemExit: 4"));

  write_text(file, "hang");
  CHECK(fwrun.error("hook_event", {}, 3)["errorType"] == "Sandbox.Timedout");

  write_text(file, "go on");
  CHECK(fwrun.result("hook_event") == "served");
}

TEST_CASE("A hook that fails during the install fails it, with its traceback") {
  const Installation fwrun;
  Finished finished = fwrun.try_install(in_python("broken/before_hook.py"));
  CHECK(finished.code == 6);
  json error = finished.json()["error"];
  CHECK(error["errorType"] == "Hook.Failed");
  CHECK(contains(error["message"], "before_hook.py:6:5: "));
  CHECK(contains(error["message"], "the before-snapshot hook flush at "));
  CHECK(contains(error["message"], "OSError: not today"));
  CHECK(contains(error["stackTrace"][0], "line 6, in flush"));

  // It runs in the proof of the image.
  finished = fwrun.try_install(in_python("broken/after_hook.py"));
  CHECK(finished.code == 6);
  error = finished.json()["error"];
  CHECK(contains(error["message"], "Hook.Failed"));
  CHECK(contains(error["message"], "KeyError: 'gone'"));

  finished = fwrun.try_install(in_python("broken/hook_no_function.py"));
  CHECK(finished.code == 6);
  CHECK(contains(finished.json()["error"]["message"], "hook_no_function.py:3:1: Load.Exception: "));
  CHECK(contains(finished.json()["error"]["message"], "a hook must be a function, not str"));
}
