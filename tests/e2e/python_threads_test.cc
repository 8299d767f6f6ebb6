// Python functions whose threads, children and signals are there when the snapshot is
// taken: every restored process finds them as they were.
#include <doctest/doctest.h>

#include "tests/e2e/python_threads.h"

using namespace fw::testing;
using nlohmann::json;

TEST_CASE("A pool of threads made at import goes on working") {
  const Installation fwrun;
  install(fwrun, "executor", 4);
  expect(fwrun, "executor", {{"numbers", {3, 4, 5, 6}}},
         {{"squares", {9, 16, 25, 36}}, {"by", true}, {"together", {0, 1, 2}}, {"threads", 4}});
}

TEST_CASE("Threads wake up from whatever they were waiting for, and know who they are") {
  const Installation fwrun;
  install(fwrun, "waiting", 14);
  expect(fwrun, "waiting", json::object(), {{"wrong", json::array()}, {"more", 0}, {"alive", 13}});
}

TEST_CASE("Threads that run Python while the snapshot is taken go on computing") {
  // Which of them holds the lock of the interpreter, wants it or is about to let it go
  // is another one in each install.
  const Installation fwrun;
  for (int i = 0; i < 6; ++i) {
    install(fwrun, "busy", 4);
    expect(fwrun, "busy", json::object(),
           {{"advanced", {true, true, true}}, {"sums", {0, 1225, 2450}}, {"threads", 4}});
  }
}

TEST_CASE("A timer of threading that was started before the snapshot is due after it") {
  const Installation fwrun;
  install(fwrun, "timers", 2);
  expect(fwrun, "timers", json::object(),
         {{"came", true}, {"late", {true, json::array()}}, {"threads", 2}});
  install(fwrun, "due_timer", 2);
  expect(fwrun, "due_timer", json::object(), true);
}

TEST_CASE("Threads keep their identities, names and local variables") {
  const Installation fwrun;
  install(fwrun, "identity", 2);
  expect(fwrun, "identity", json::object(),
         {{"main",
           {{"same", true},
            {"native", true},
            {"pid", true},
            {"main", true},
            {"value", "of the main thread"},
            {"comm", "fwrun-pyhost"}}},
          {"other",
           {{"value", "of the other thread"},
            {"same", true},
            {"current", true},
            {"native", true},
            {"name", "the other"}}},
          {"all", {"MainThread", "the other"}}});
}

TEST_CASE("Threads that C made call Python, those of before the snapshot and new ones") {
  const Installation fwrun;
  install(fwrun, "native", 2);
  expect(fwrun, "native", json::object(),
         {{"seen", {{true, 4711}}}, {"entered", {1, 2}}, {"sorted", {1, 2, 3, 4, 5}}});
}

TEST_CASE("Tasks of the event loop go on where they were") {
  const Installation fwrun;
  install(fwrun, "asyncio_task", 1);
  expect(fwrun, "asyncio_task", {{"text", "three"}},
         {{"text", "THREE"}, {"alive", {true, true}}, {"ticked", true}});
}

TEST_CASE("An event loop that runs in a thread of its own goes on") {
  const Installation fwrun;
  install(fwrun, "loop_in_thread", 2);
  expect(fwrun, "loop_in_thread", {{"n", 9}}, {81, true});
}

TEST_CASE("Event loops hear of signals, at import and in the handler") {
  const Installation fwrun;
  install(fwrun, "loop_signals", 1);
  expect(fwrun, "loop_signals", json::object(), {"SIGUSR1", "SIGUSR1"});
}

TEST_CASE("Handlers of signals, masks and timers are kept") {
  const Installation fwrun;
  install(fwrun, "signals", 1);
  expect(fwrun, "signals", json::object(),
         {{"usr1", 3},
          {"alarm", true},
          {"ignored", true},
          {"interrupt", true},
          {"blocked", {"SIGHUP"}},
          {"pending", {"SIGHUP"}},
          {"faulthandler", true}});
  install(fwrun, "interval", 1);
  expect(fwrun, "interval", json::object(),
         {{"ticked", true}, {"interval", 0.005}, {"threads", 1}});
  install(fwrun, "watchdog", 2);
  expect(fwrun, "watchdog", json::object(), true);
}

TEST_CASE("Children that are alive at the snapshot are refused with pid and name") {
  const Installation fwrun;
  for (const auto& expected :
       {std::pair{"child_process", "(sleep)"}, std::pair{"children_pool", "(fwrun-pyhost)"}}) {
    const std::string name = expected.first;
    const std::string child = expected.second;
    CAPTURE(name);
    const Finished finished = fwrun.try_install("../python_threads/" + name + ".py");
    CHECK(finished.code == 6);
    const json error = finished.json()["error"];
    CHECK(error["errorType"] == "Snapshot.Refused");
    CHECK(contains(error["errorMessage"], "child process "));
    CHECK(contains(error["errorMessage"], child));
    CHECK(contains(error["errorMessage"], "start it after the restore"));
  }
}

TEST_CASE("A handler starts children in every way that Python has") {
  const Installation fwrun;
  install(fwrun, "processes", 1);
  expect(fwrun, "processes", {{"way", "spawn"}}, {1, 2});
  expect(fwrun, "processes", {{"way", "forkserver"}}, {1, 2});
  expect(fwrun, "processes", {{"way", "executor"}}, {1, 2, 3});
  expect(fwrun, "processes", {{"way", "process"}}, {true, 0});
  expect(fwrun, "processes", {{"way", "subprocess"}}, {"(3, 11)", 0, ""});
  expect(fwrun, "processes", {{"way", "fork_exit"}}, {true, 7});
  // As pid 1 of its namespace it is the parent of its children, whose pids follow.
  const json forked = fwrun.result("processes", {{"way", "fork"}});
  REQUIRE(forked.size() == 3);
  for (int i = 0; i < 3; ++i) {
    CHECK(forked[i][0] == i * i);
    CHECK(forked[i][1] > 1);
    CHECK(forked[i][2] == 1);
  }
}

TEST_CASE("Locks and values of multiprocessing made at import serve children of the handler") {
  const Installation fwrun;
  install(fwrun, "shared_values", 1);
  // Every restored process begins with the values of the snapshot.
  expect(fwrun, "shared_values", {{"children", 3}},
         {{"before", 40}, {"value", 46}, {"array", {7.5, 2.5}}, {"got", {1, 2, 3}}});
}
