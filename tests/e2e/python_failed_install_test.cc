// Python functions that cannot be installed: each with its own message, nothing left.
#include <map>

#include "tests/e2e/python_functions.h"

using namespace fw::testing;
using nlohmann::json;

namespace {

// Expects the install of python/broken/FILE.py in place of an installed function to fail,
// and that one to go on serving. Returns the error.
class BrokenInstalls {
 public:
  BrokenInstalls() { install_python(fwrun_, "hello", {"--name", "it"}); }

  json error(const std::string& file, std::vector<std::string> options = {}) const {
    options.insert(options.end(), {"--name", "it"});
    const Finished finished =
        fwrun_.try_install(in_python("broken/" + file + ".py"), std::move(options));
    CHECK_MESSAGE(finished.code == 6, file << ": " << finished.out);
    CHECK(std::filesystem::is_empty(fwrun_.home().staging()));
    CHECK(fwrun_.result("it", {{"name", "x"}}) == json{{"greeting", "Hello, x!"}});
    json error = finished.json()["error"];
    CHECK(error["code"] == "install_failed");
    return error;
  }

  // Its message has this part.
  void expect(const std::string& file, const std::string& part) const {
    CAPTURE(file);
    const json told = error(file);
    CAPTURE(told.dump());
    CHECK(contains(told["message"], part));
  }

  const Installation& fwrun() const { return fwrun_; }

 private:
  Installation fwrun_;
};

}  // namespace

TEST_CASE("Errors of syntax and encoding are told with file, line and column") {
  const BrokenInstalls broken;
  const json error = broken.error("syntax");
  CHECK(error["errorType"] == "Load.SyntaxError");
  CHECK(contains(error["message"], "broken/syntax.py:4:12: Load.SyntaxError: "));
  CHECK(contains(error["message"], "'(' was never closed"));
  CHECK(contains(error["file"], "broken/syntax.py"));
  CHECK(error["line"] == 4);
  CHECK(error["column"] == 12);
  CHECK(error["stackTrace"] == json::array());
  broken.expect("indentation", "broken/indentation.py:4:13: Load.SyntaxError: ");
  broken.expect("broken_part", "broken/broken_inside.py:2:5: Load.SyntaxError: ");
  broken.expect("not_utf8", "broken/not_utf8.py:1:14: Load.SyntaxError: ");
  broken.expect("null_byte", "null_byte.py cannot be loaded: ValueError: source code string");
}

TEST_CASE("A missing module is named, with where it was looked for and belongs") {
  const BrokenInstalls broken;
  const json error = broken.error("missing_module");
  CHECK(error["errorType"] == "Load.MissingModule");
  CHECK(contains(error["message"], "broken/missing_module.py:1:1: "));
  CHECK(contains(error["message"], "needs the module does_not_exist, which is not there"));
  CHECK(contains(error["message"], "/usr/lib/python3/dist-packages"));
  CHECK(contains(error["message"], "install it into "));
  CHECK(contains(error["message"], "broken/site-packages"));
  broken.expect("missing_name", "cannot import name 'no_such_name' from 'os'");
}

TEST_CASE("A module without a handler, or with something else by its name, is refused") {
  const BrokenInstalls broken;
  broken.expect("no_handler", "has no handler: define handler(event, context)");
  broken.expect("no_handler", "it defines other, work");
  broken.expect("empty", "it defines nothing");
  broken.expect("not_callable", "must be a function, but is of type dict");
  broken.expect("a_class", "must be a function, but is a class");
  broken.expect("a_generator", "is a generator: return the whole result");
  broken.expect("an_async_generator", "is a generator: return the whole result");
  broken.expect("takes_three", "but is defined as handler(event, context, more)");
  broken.expect("takes_none", "but is defined as handler()");
  json error = broken.error("no_handler", {"--handler", "gone"});
  CHECK(contains(error["message"], "does not define gone; it defines other, work"));
  error = broken.error("no_handler", {"--handler", "work.gone"});
  CHECK(contains(error["message"], "work of "));
  CHECK(contains(error["message"], "does not define gone"));
}

TEST_CASE("What is raised while a module is loaded or trained is told with its line") {
  const BrokenInstalls broken;
  json error = broken.error("raises_at_import");
  CHECK(error["errorType"] == "Load.Exception");
  CHECK(contains(error["message"], "raises_at_import.py:2:5: "));
  CHECK(contains(error["message"], "RuntimeError: at import"));
  REQUIRE(error["stackTrace"].size() == 2);
  CHECK(contains(error["stackTrace"][1], "line 2, in prepare"));

  error = broken.error("raises_in_training");
  CHECK(error["errorType"] == "Training.Exception");
  CHECK(contains(error["message"], "raises_in_training.py:6:12: "));
  CHECK(contains(error["message"], "failed on training event 1: TypeError: "));
  CHECK(contains(error["message"], "its output was:\nworking on None"));
  broken.expect("not_json", "Training.ResultNotSerialisable: ");
  broken.expect("not_json", "result.value is NaN");
}

TEST_CASE("Training events that are none are refused") {
  const BrokenInstalls broken;
  broken.expect("bad_warmup", "event 0 of `warmup` is not JSON");
  broken.expect("bad_warmup", "result.a is a set");
  broken.expect("warmup_raises", "warmup_raises.py:2:13: Training.BadEvents: warmup() failed");
  broken.expect("warmup_empty", "`warmup` must hold at least one event");
}

TEST_CASE("A module that ends or crashes the host is refused, with what it had printed") {
  const BrokenInstalls broken;
  broken.expect("exits_at_import", "exits_at_import.py:3:1: Load.Exit: sys.exit(4) was called");
  broken.expect("exits_in_training",
                "exits_in_training.py:7:5: Training.Exit: sys.exit('enough') was called");
  broken.expect("leaves_at_import", "exited with code 0 while it was loaded or trained");
  broken.expect("leaves_in_training", "exited with code 3 while it was loaded or trained");
  const json error = broken.error("crashes_at_import");
  CHECK(contains(error["message"], "was killed by signal 11"));
  CHECK(contains(error["output"], "last words"));
}

TEST_CASE("State that no image can carry is refused, naming it") {
  const BrokenInstalls broken;
  CHECK(broken.error("connected")["errorType"] == "Snapshot.Refused");
  broken.expect("connected", "is a TCP socket connected to 127.0.0.1:");
  broken.expect("connected", "close it before the snapshot");
  broken.expect("listens", "is a TCP socket listening on 127.0.0.1:");
  broken.expect("child", "(sleep) exists: wait for it before the snapshot");
  broken.expect("deleted_file", "which was deleted, renamed or replaced");
  broken.expect("watches", "is of kind inotify");
}

TEST_CASE("Python code that hangs ends at its time limit, and is told where it was") {
  const BrokenInstalls broken;
  const std::vector<std::pair<std::string, std::string>> hanging{
      {"spins_at_import", "Load.Timeout: loading "},
      {"spins_at_import", "spins_at_import.py:2 in wait"},
      {"sleeps_at_import", "sleeps_at_import.py:5 in wait"},
      {"spins", "Training.Timeout: training took more than 10000 ms; it was here: "},
      {"spins", "broken/spins.py:6 in count"},
      {"waits", "broken/waits.py:7 in handler"},
      {"never_resolves", "broken/never_resolves.py:7 in answer"},
      {"blocks", "it waits in a system call or in native code"},
      {"hanging_hook", "the before-snapshot hook spin at "},
      {"hanging_hook", "broken/hanging_hook.py:6 in spin"},
  };
  // All at the same time, since each has ten seconds.
  std::map<std::string, Command> commands;
  for (const auto& [file, part] : hanging) {
    if (commands.contains(file)) continue;
    const auto source = fixture(in_python("broken/" + file + ".py"));
    commands.emplace(file,
                     broken.fwrun().command({"--json", "--install", source, "--timeout", "0.5"}));
    commands.at(file).start();
  }
  std::map<std::string, json> errors;
  for (auto& [file, command] : commands) {
    const Finished finished = command.wait();
    CHECK(finished.code == 6);
    errors[file] = finished.json()["error"];
  }
  for (const auto& [file, part] : hanging) {
    CAPTURE(errors[file].dump());
    CHECK(contains(errors[file]["message"], part));
  }
  CHECK(broken.fwrun().result("it") == json{{"greeting", "Hello, world!"}});
}
