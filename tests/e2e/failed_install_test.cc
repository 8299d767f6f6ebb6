// Functions that cannot be installed: each with its own message, nothing left.
#include <doctest/doctest.h>

#include "tests/e2e/installation.h"
#include "tests/store/temp_folder.h"

using namespace fw::testing;
using nlohmann::json;

namespace {

// Expects the install of broken/FILE to fail, and an installed function of that
// name to go on serving. Returns the error.
json failure(const Installation& fwrun, const std::string& file,
             std::vector<std::string> options = {}) {
  fwrun.install("hello.js", {"--name", "it"});
  options.insert(options.end(), {"--name", "it"});
  const Finished finished = fwrun.try_install("broken/" + file, std::move(options));
  CHECK_MESSAGE(finished.code == 6, finished.out);
  CHECK(std::filesystem::is_empty(fwrun.home().staging()));
  CHECK(fwrun.result("it", {{"name", "x"}}) == json{{"greeting", "Hello, x!"}});
  const json error = finished.json()["error"];
  CHECK(error["code"] == "install_failed");
  CAPTURE(error.dump());
  return error;
}

}  // namespace

TEST_CASE("A syntax error is told with file, line and column") {
  const Installation fwrun;
  json error = failure(fwrun, "syntax.js");
  CHECK(contains(error["message"], "broken/syntax.js:3:15: "));
  CHECK(contains(error["file"], "broken/syntax.js"));
  CHECK(error["line"] == 3);
  CHECK(error["column"] == 15);
  error = failure(fwrun, "syntax.mjs");
  CHECK(contains(error["message"], "broken/syntax.mjs:1:32: "));
}

TEST_CASE("A module without a handler, or with something else by that name, is refused") {
  const Installation fwrun;
  json error = failure(fwrun, "no_handler.js");
  CHECK(contains(error["errorMessage"], "exports no handler"));
  CHECK(contains(error["errorMessage"], "it exports other"));
  error = failure(fwrun, "not_function.js");
  CHECK(contains(error["errorMessage"], "must be a function"));
  error = failure(fwrun, "no_handler.js", {"--handler", "gone.deep"});
  CHECK(contains(error["errorMessage"], "gone.deep"));
}

TEST_CASE("A module that throws while it is loaded is refused with the line") {
  const Installation fwrun;
  json error = failure(fwrun, "throws_at_load.js");
  CHECK(contains(error["message"], "throws_at_load.js:1:"));
  CHECK(contains(error["message"], "at load"));
  error = failure(fwrun, "missing_module.js");
  CHECK(contains(error["message"], "does-not-exist.js"));
}

TEST_CASE("A handler that throws in training is refused, naming the event and the line") {
  const Installation fwrun;
  const json error =
      failure(fwrun, "throws_in_training.js", {"--train", fixture("broken/events.json")});
  CHECK(contains(error["message"], "throws_in_training.js:1:"));
  CHECK(contains(error["message"], "undefined"));
}

TEST_CASE("A handler that never resolves in training is refused") {
  const Installation fwrun;
  const json error =
      failure(fwrun, "never_resolves.js", {"--train", fixture("broken/events.json")});
  CHECK(contains(error["message"], "resolve"));
}

TEST_CASE("A handler that spins in training is refused when its time is over") {
  const Installation fwrun;
  const json error =
      failure(fwrun, "spins.js", {"--train", fixture("broken/events.json"), "--timeout", "0.5"});
  CHECK(contains(error["message"], "training"));
}

TEST_CASE("A handler that exits in training is refused") {
  const Installation fwrun;
  const json error = failure(fwrun, "exits.js", {"--train", fixture("broken/events.json")});
  CHECK(contains(error["message"], "process.exit(5)"));
  CHECK(contains(error["message"], "training"));
}

TEST_CASE("A module that crashes the host is refused, with what it had printed") {
  const Installation fwrun;
  const json error = failure(fwrun, "aborts.js");
  CHECK(contains(error["message"], "was killed by signal"));
  CHECK(contains(error["output"], "last words"));
}

TEST_CASE("A listening socket is refused, naming it") {
  const Installation fwrun;
  const json error = failure(fwrun, "listens.js");
  CHECK(contains(error["message"], "127.0.0.1"));
}

TEST_CASE("A before-snapshot hook that throws is refused") {
  const Installation fwrun;
  const json error = failure(fwrun, "hook_throws.js");
  CHECK(contains(error["message"], "not today"));
}

TEST_CASE("A first install that fails leaves no function, and says so to people") {
  const Installation fwrun;
  const Finished finished = fwrun.command({"--install", fixture("broken/syntax.js")}).run();
  CHECK(finished.code == 6);
  CHECK(finished.out.empty());
  CHECK(contains(finished.err, "broken/syntax.js:3:15: "));
  CHECK(contains(finished.err, "Nothing was installed or changed."));
  CHECK(std::filesystem::is_empty(fwrun.home().functions()));
}
