// What the command line refuses before it does anything, and how it says so.
#include <doctest/doctest.h>

#include "tests/fwrun/command.h"
#include "tests/store/temp_folder.h"

using namespace fw::testing;

namespace {

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

// Runs in an empty store and expects bad usage, told on standard error only.
std::string refused(std::vector<std::string> arguments) {
  const TempFolder home;
  const Finished plain = Command(arguments).env("FWRUN_HOME", home.path()).run();
  CHECK(plain.code == 2);
  CHECK(plain.out.empty());
  CHECK(plain.err.starts_with("fwrun: "));

  arguments.emplace_back("--json");
  const Finished json = Command(arguments).env("FWRUN_HOME", home.path()).run();
  CHECK(json.code == 2);
  CHECK(json.err.empty());
  CHECK(json.json()["error"]["code"] == "bad_usage");
  CHECK(plain.err == "fwrun: " + json.json()["error"]["message"].get<std::string>() + "\n");
  CHECK(std::filesystem::is_empty(home.path()));
  return plain.err;
}

}  // namespace

TEST_CASE("Help tells every command, option and exit code, on standard output") {
  const Finished help = fwrun({"--help"});
  CHECK(help.code == 0);
  CHECK(help.err.empty());
  for (const char* part :
       {"--install",   "--invoke",    "--list",        "--show",          "--remove",
        "--verify",    "--version",   "--name",        "--handler",       "--train",
        "--signature",

        "--env",       "--memory",    "--timeout",     "--args",          "--timing",
        "--cache",     "--json",      "--no-auto-jit", "--jit-tolerance", "--require-jit",
        "FWRUN_HOME",  "--configure", "--reuse",       "--min-clones",    "--max-clones",
        "--max-queue", "--idle-ms",   "Exit codes",    "  70  "}) {
    CAPTURE(part);
    CHECK(contains(help.out, part));
  }
  CHECK(fwrun({"--help", "--json"}).json()["help"] == help.out);
}

TEST_CASE("The version is told") {
  const Finished version = fwrun({"--version"});
  CHECK(version.code == 0);
  CHECK(version.out == "fwrun " FW_VERSION "\n");
  CHECK(fwrun({"--version", "--json"}).json()["version"] == FW_VERSION);
}

TEST_CASE("Exactly one command must be given") {
  CHECK(contains(refused({}), "no command given; choose one of --install"));
  CHECK(contains(refused({"--timing"}), "no command given"));
  CHECK(contains(refused({"--list", "--show", "f"}), "--list and --show exclude each other"));
  CHECK(contains(refused({"--list", "--list"}), "--list is given more than once"));
}

TEST_CASE("Unknown options and stray words are refused by name") {
  CHECK(contains(refused({"--frobnicate"}), "frobnicate"));
  CHECK(contains(refused({"--list", "extra"}), "'extra' is no option"));
  CHECK(contains(refused({"-x", "--list"}), "x"));
  CHECK(contains(refused({"--list=yes=no", "--show"}), "fwrun"));
}

TEST_CASE("An option without its value is refused") {
  CHECK(contains(fwrun({"--show", "--json"}).out, "--show needs a value"));
  CHECK(contains(refused({"--show", "--timing"}),
                 "--show needs a value, and got the option --timing"));
  CHECK(contains(refused({"--invoke", ""}), "--invoke is empty"));
  CHECK(contains(refused({"--install", "f.js", "--name", ""}), "--name is empty"));
  CHECK(contains(refused({"--install", "f.js", "--train", ""}), "--train is empty"));
  CHECK(contains(refused({"--install", "f.js", "--handler="}), "handler"));
}

TEST_CASE("An option is refused where it has no meaning, and when it is given twice") {
  CHECK(contains(refused({"--invoke", "f", "--train", "x"}), "--train does not go with --invoke"));
  CHECK(contains(refused({"--list", "--args", "1"}), "--args does not go with --list"));
  CHECK(contains(refused({"--install", "f", "--timing"}), "--timing does not go with --install"));
  CHECK(contains(refused({"--invoke", "f", "--args", "1", "--args", "2"}),
                 "--args is given more than once"));
}

TEST_CASE("Memory and timeout must be numbers within their range") {
  for (const char* memory :
       {"x", "", "-1", "1.5", "31", "65537", "128MB", "99999999999999999999"}) {
    CAPTURE(memory);
    CHECK(contains(refused({"--install", "f.js", std::string("--memory=") + memory}), "memory"));
  }
  CHECK(contains(refused({"--install", "f.js", "--memory", "x"}),
                 "--memory x: expected a whole number of megabytes, from 32 to 65536"));
  for (const char* timeout : {"x", "0", "-1", "901", "1e2", "nan", "inf", "3s"}) {
    CAPTURE(timeout);
    CHECK(contains(refused({"--install", "f.js", "--timeout", timeout}),
                   "expected seconds, from 0.001 to 900"));
  }
}

TEST_CASE("A tolerance of compiled floats is a relative error, and needs the compiler") {
  for (const char* tolerance : {"x", "", "-1e-9", "1", "1.5", "nan", "inf", "1e-9x", "0x1p-9"}) {
    CAPTURE(tolerance);
    CHECK(contains(refused({"--install", "f.py", std::string("--jit-tolerance=") + tolerance}),
                   "jit-tolerance"));
  }
  CHECK(contains(refused({"--install", "f.py", "--jit-tolerance", "2"}),
                 "--jit-tolerance 2: expected a relative error of at least 0 and below 1"));
  CHECK(contains(refused({"--install", "f.py", "--jit-tolerance", "0.1", "--no-auto-jit"}),
                 "--jit-tolerance has no meaning with --no-auto-jit"));
  for (const char* option : {"--no-auto-jit", "--require-jit"}) {
    CAPTURE(option);
    CHECK(contains(refused({"--invoke", "f", option}), "does not go with --invoke"));
    CHECK(contains(refused({"--install", "f.py", option, option}), "is given more than once"));
  }
}

TEST_CASE("The signature of a handler is one of two") {
  CHECK(contains(refused({"--install", "f.js", "--signature", "cloudevent"}),
                 "--signature 'cloudevent': expected http, for a handler of requests, or event"));
  CHECK(contains(refused({"--install", "f.js", "--signature", ""}), "--signature"));
  CHECK(contains(refused({"--invoke", "f", "--signature", "http"}), "does not go with --invoke"));
}

TEST_CASE("An environment variable needs a name and an equals sign, once") {
  CHECK(contains(refused({"--install", "f.js", "--env", "A"}), "--env A: expected NAME=VALUE"));
  CHECK(contains(refused({"--install", "f.js", "--env", "=1"}), "expected NAME=VALUE"));
  CHECK(contains(refused({"--install", "f.js", "--env", "A=1", "--env", "A=2"}),
                 "A is given more than once"));
}

TEST_CASE("Without any place for the store the command says how to name one") {
  Command command({"--list"});
  command.env("FWRUN_HOME", "").env("XDG_DATA_HOME", "").env("HOME", "");
  if (::geteuid() == 0) {
    if (!have_nobody()) return;
    command.as_nobody();
  }
  const Finished list = command.run();
  CHECK(list.code == 2);
  CHECK(contains(list.err, "set FWRUN_HOME"));
}

TEST_CASE("A result that cannot be written is an error, not a success") {
  const Finished help = Command({"--help"}).output_to("/dev/full").run();
  CHECK(help.code == 70);
  CHECK(contains(help.err, "standard output: write: No space left on device"));
}

TEST_CASE("The command starts with few libraries, and none of an engine") {
  const Finished maps = Command({"--version"}).env("LD_TRACE_LOADED_OBJECTS", "1").run();
  CHECK(contains(maps.out, "libc.so"));
  CHECK_FALSE(contains(maps.out, "libnode"));
  CHECK_FALSE(contains(maps.out, "libstdc++"));
  CHECK(std::count(maps.out.begin(), maps.out.end(), '\n') <= 4);
}
