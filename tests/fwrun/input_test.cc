// Bad input to --install and --invoke that is found without starting anything.
#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tests/fwrun/command.h"
#include "tests/store/store_fixture.h"

using namespace fw::testing;

namespace {

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

// A store with one function "hello" whose image is no image: what is wrong with
// the input must be found before.
struct Store {
  TempFolder temp;
  fw::store::Home home = make_home(temp / "home");
  Store() { REQUIRE(install_text(home, "hello", "x")); }

  Finished run(std::vector<std::string> arguments, const std::string& input = {}) {
    Command command(std::move(arguments));
    if (!input.empty()) command.input(input);
    return command.env("FWRUN_HOME", home.root()).run();
  }
  // Expects bad usage that changes nothing.
  std::string refused(std::vector<std::string> arguments, const std::string& input = {}) {
    const std::string before = tree_of(home);
    const Finished finished = run(std::move(arguments), input);
    CHECK(finished.code == 2);
    CHECK(finished.out.empty());
    CHECK(tree_of(home) == before);
    return finished.err;
  }
};

}  // namespace

TEST_CASE("A function's file that is missing, unreadable or no file is refused") {
  Store store;
  CHECK(contains(store.refused({"--install", store.temp / "none.js"}),
                 "none.js: No such file or directory"));
  ::mkfifo((store.temp / "fifo.js").c_str(), 0600);
  CHECK(contains(store.refused({"--install", store.temp / "fifo.js"}),
                 "neither a file nor a folder"));
  write_text(store.temp / "notes.txt", "");
  CHECK(contains(store.refused({"--install", store.temp / "notes.txt"}),
                 "neither JavaScript nor Python"));
  std::filesystem::create_directory(store.temp / "empty");
  CHECK(contains(store.refused({"--install", store.temp / "empty"}), "holds no function"));
}

TEST_CASE("A file that this user may not read is refused") {
  if (!have_nobody()) return;
  const TempFolder temp;
  REQUIRE(::chmod(temp.path().c_str(), 0777) == 0);
  write_text(temp / "secret.js", "");
  REQUIRE(::chmod((temp / "secret.js").c_str(), 0600) == 0);
  const Finished install =
      Command({"--install", temp / "secret.js"}).env("FWRUN_HOME", temp / "home").as_nobody().run();
  CHECK(install.code == 2);
  CHECK(contains(install.err, "secret.js: Permission denied: the file must be readable"));
}

TEST_CASE("A name that is no name is refused, given or derived") {
  Store store;
  write_text(store.temp / "f.js", "");
  CHECK(contains(store.refused({"--install", store.temp / "f.js", "--name", "a/b"}),
                 "'a/b' cannot be the name of a function"));
  write_text(store.temp / "my function.js", "");
  const std::string derived = store.refused({"--install", store.temp / "my function.js"});
  CHECK(contains(derived, "'my function' cannot be the name"));
  CHECK(contains(derived, "choose a name by --name"));
}

TEST_CASE("A handler that does not exist as a file is refused") {
  Store store;
  write_text(store.temp / "app/index.js", "");
  CHECK(contains(store.refused({"--install", store.temp / "app", "--handler", "gone.handler"}),
                 "no file"));
  CHECK(contains(store.refused({"--install", store.temp / "app", "--handler", "index"}),
                 "give FILE.EXPORT"));
}

TEST_CASE("What steers Python's compiler is refused for JavaScript") {
  Store store;
  write_text(store.temp / "f.js", "");
  CHECK(contains(store.refused({"--install", store.temp / "f.js", "--no-auto-jit"}),
                 "--no-auto-jit is for Python functions only: "));
  CHECK(contains(store.refused({"--install", store.temp / "f.js", "--jit-tolerance", "1e-9"}),
                 "--jit-tolerance is for Python functions only: "));
}

TEST_CASE("A folder with a function in each language is refused") {
  Store store;
  write_text(store.temp / "app/index.js", "");
  write_text(store.temp / "app/main.py", "");
  CHECK(contains(store.refused({"--install", store.temp / "app"}),
                 "--handler index.EXPORT or --handler main.FUNCTION"));
}

TEST_CASE("Training events must be a JSON array with something in it") {
  Store store;
  write_text(store.temp / "f.js", "exports.handler = async () => 1;");
  const auto train = [&](const std::string& events) {
    write_text(store.temp / "events.json", events);
    return store.refused({"--install", store.temp / "f.js", "--train", store.temp / "events.json"});
  };
  CHECK(contains(train("[{\"a\":1},\n {\"a\":}]"),
                 "events.json: not JSON: line 2, column 7 (byte 17): "));
  CHECK(contains(train("{\"a\":1}"), "expected a JSON array of training events"));
  CHECK(contains(train("[]"), "the array is empty: give at least one training event"));
  CHECK(contains(train(""), "line 1, column 1 (byte 1)"));
  CHECK(contains(
      store.refused({"--install", store.temp / "f.js", "--train", store.temp / "none.json"}),
      "none.json: No such file or directory"));
}

TEST_CASE("An environment variable with a strange name is refused") {
  Store store;
  write_text(store.temp / "f.js", "");
  CHECK(contains(store.refused({"--install", store.temp / "f.js", "--env", "1A=x"}),
                 "'1A' cannot be the name of an environment variable"));
}

TEST_CASE("Arguments that are not JSON are refused with line, column and byte") {
  Store store;
  CHECK(contains(store.refused({"--invoke", "hello", "--args", "{\"a\":}"}),
                 "--args: not JSON: line 1, column 6 (byte 6): "));
  CHECK(contains(store.refused({"--invoke", "hello", "--args", "-"}, "[1,\n2,]"),
                 "standard input: not JSON: line 2, column 3 (byte 7): "));
  write_text(store.temp / "event.json", "nope");
  CHECK(contains(
      store.refused({"--invoke", "hello", "--args", "@" + (store.temp / "event.json").string()}),
      "event.json: not JSON: line 1, column 2 (byte 2): "));
  CHECK(contains(store.refused({"--invoke", "hello", "--args", ""}), "--args is empty"));
}

TEST_CASE("Arguments that are not there are refused") {
  Store store;
  CHECK(contains(store.refused({"--invoke", "hello", "--args", "-"}), "standard input is empty"));
  CHECK(contains(store.refused({"--invoke", "hello", "--args", "@/none"}),
                 "--args @/none: open /none: No such file or directory"));
  CHECK(contains(store.refused({"--invoke", "hello", "--args", "@" + store.temp.path().string()}),
                 "Is a directory"));
  write_text(store.temp / "empty.json", "");
  CHECK(contains(
      store.refused({"--invoke", "hello", "--args", "@" + (store.temp / "empty.json").string()}),
      "the file is empty"));
}

TEST_CASE("Arguments above 64 MiB are refused") {
  Store store;
  const std::string huge = "\"" + std::string((std::size_t{64} << 20) - 1, 'x') + "\"";
  CHECK(contains(store.refused({"--invoke", "hello", "--args", "-"}, huge),
                 "standard input is larger than the 67108864 bytes allowed"));
}

TEST_CASE("An unknown function is told with the nearest known one, by every command") {
  Store store;
  for (const char* command : {"--invoke", "--show", "--configure", "--verify", "--remove"}) {
    CAPTURE(command);
    const Finished plain = store.run({command, "helo"});
    CHECK(plain.code == 4);
    CHECK(plain.out.empty());
    CHECK(plain.err == "fwrun: no function 'helo' is installed; did you mean 'hello'?\n");
    const Finished json = store.run({command, "thumbnail", "--json"});
    CHECK(json.code == 4);
    CHECK(json.json()["error"]["code"] == "not_found");
    CHECK(contains(json.json()["error"]["message"].get<std::string>(), "fwrun --list"));
  }
}

TEST_CASE("A function in a store that is empty or absent is unknown") {
  const TempFolder temp;
  const Finished invoke = Command({"--invoke", "f"}).env("FWRUN_HOME", temp / "none").run();
  CHECK(invoke.code == 4);
  CHECK(contains(invoke.err, "no function 'f' is installed, nor any other, in "));
  CHECK_FALSE(std::filesystem::exists(temp / "none"));
}

TEST_CASE("A file that is no image is refused by --invoke and --verify") {
  Store store;
  for (const char* command : {"--invoke", "--verify"}) {
    CAPTURE(command);
    const Finished plain = store.run({command, "hello"});
    CHECK(plain.code == 5);
    CHECK(plain.out.empty());
    CHECK(contains(plain.err, "hello"));
    CHECK(store.run({command, "hello", "--json"}).json()["error"]["code"] == "refused_image");
  }
}

TEST_CASE("A damaged manifest or report is refused, listed, and can be removed") {
  Store store;
  write_text(store.home.current("hello") / fw::store::kReportFile, "{");
  CHECK(store.run({"--show", "hello"}).code == 5);
  write_text(store.home.current("hello") / fw::store::kManifestFile, "{");
  CHECK(store.run({"--invoke", "hello"}).code == 5);
  const Finished list = store.run({"--list", "--json"});
  CHECK(list.code == 0);
  CHECK(contains(list.json()["functions"][0]["problem"].get<std::string>(), "damaged"));
  CHECK(contains(store.run({"--list"}).out, "damaged"));
  CHECK(store.run({"--remove", "hello"}).out == "removed hello\n");
  CHECK(store.run({"--list", "--json"}).out == "{\"functions\":[]}\n");
}

TEST_CASE("An empty store lists nothing, on standard output too") {
  const TempFolder temp;
  const Finished list = Command({"--list"}).env("FWRUN_HOME", temp / "none").run();
  CHECK(list.code == 0);
  CHECK(list.out.empty());
  CHECK(contains(list.err, "no function is installed in "));
}

TEST_CASE("Every command sweeps what a killed one left") {
  Store store;
  for (const std::vector<std::string>& command : {std::vector<std::string>{"--list"},
                                                  {"--show", "hello"},
                                                  {"--configure", "hello"},
                                                  {"--verify", "hello"},
                                                  {"--invoke", "hello"},
                                                  {"--remove", "none"}}) {
    CAPTURE(command.front());
    write_text(store.home.staging() / "dead/version/image", "x");
    (void)store.run(command);
    CHECK(std::filesystem::is_empty(store.home.staging()));
  }
}
