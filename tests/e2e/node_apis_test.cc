// Node's own API before the snapshot and after a restore.
#include <doctest/doctest.h>

#include "tests/e2e/installation.h"

using namespace fw::testing;
using nlohmann::json;

namespace {

// Installs apis.js with one event in training, or with all of them, and calls it
// twice for `test`.
json call(const Installation& fwrun, const std::string& test) {
  const json first = fwrun.result("apis", {{"test", test}});
  CHECK(fwrun.result("apis", {{"test", test}}) == first);
  return first;
}

}  // namespace

TEST_CASE("Timers, files, HTTP, the thread pool, children and crypto work after a restore") {
  const Installation fwrun;
  fwrun.install("apis.js");
  CHECK(call(fwrun, "timers") == json{"tick", "promise", "immediate", "timeout"});
  CHECK(call(fwrun, "files") == json{{"text", "written"}, {"streamed", "written"}});
  CHECK(call(fwrun, "http") == "you asked for /it");
  CHECK(call(fwrun, "pool") == json{{"unzipped", 1000}, {"address", "127.0.0.1"}});
  CHECK(call(fwrun, "children") == json{{"said", "hi"}, {"text", "piped"}, {"code", 0}});
  CHECK(call(fwrun, "crypto") == json{{"sha", "ba7816bf"}, {"scrypt", 16}});
}

TEST_CASE("They work for the first time after a restore, too") {
  const Installation fwrun;
  fwrun.install("apis.js", {"--train", fixture("apis.crypto.json")});
  CHECK(call(fwrun, "files") == json{{"text", "written"}, {"streamed", "written"}});
  CHECK(call(fwrun, "http") == "you asked for /it");
  CHECK(call(fwrun, "pool") == json{{"unzipped", 1000}, {"address", "127.0.0.1"}});
  CHECK(call(fwrun, "children") == json{{"said", "hi"}, {"text", "piped"}, {"code", 0}});
}

TEST_CASE("Worker threads start in training and after a restore") {
  const Installation fwrun;
  fwrun.install("worker.js", {"--train", fixture("worker.train.json")});
  CHECK(fwrun.result("worker", {{"numbers", {1, 2, 3}}}) == json{1, 4, 9});
  CHECK(fwrun.result("worker", {{"numbers", {5}}}) == json{25});
}

TEST_CASE("A worker thread that was started before the snapshot goes on after each restore") {
  const Installation fwrun;
  const json installed = fwrun.install("live_worker.js", {"--train", fixture("live.train.json")});
  CHECK(installed["report"]["snapshot"]["threads"] > 1);
  const json first = fwrun.result("live_worker", {{"n", 7}});
  CHECK(first["square"] == 49);
  const json second = fwrun.result("live_worker", {{"n", 8}});
  CHECK(second["square"] == 64);
  CHECK(second["calls"] == first["calls"]);
}
