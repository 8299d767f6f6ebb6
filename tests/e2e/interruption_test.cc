// Commands that are killed, run at the same time, or find the disk full.
#include <doctest/doctest.h>
#include <poll.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>

#include "store/catalog.h"
#include "tests/e2e/installation.h"
#include "tests/store/kill_point.h"

using namespace fw::testing;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

// In the language that the file's name tells.
void write_version(const fs::path& source, const std::string& mark) {
  const bool python = source.extension() == ".py";
  write_text(source,
             python ? "warmup = [{}]\ndef handler(event, context):\n    return '" + mark + "'\n"
                    : "exports.handler = async () => '" + mark + "';");
}

}  // namespace

TEST_CASE("An install killed at any point leaves the former version or the new one") {
  const Installation fwrun;
  std::string file;
  SUBCASE("in JavaScript") { file = "f.js"; }
  SUBCASE("in Python") { file = "f.py"; }
  const fs::path source = fwrun / file;
  write_version(source, "one");
  REQUIRE(fwrun.command({"--install", source}).run().code == 0);
  write_version(source, "two");
  std::string serving = "one";
  int points = 0;
  for (bool killed = true; killed; ++points) {
    Command install = fwrun.command({"--install", source});
    killed = kill_before_change(points, [&] { install.prepare().exec(); });
    CAPTURE(points);
    // Serves at once, before anything has been swept.
    const std::string now = fwrun.result("f");
    CHECK((now == serving || now == "two"));
    serving = now;
    CHECK(fwrun.command({"--list"}).run().code == 0);
    CHECK(fs::is_empty(fwrun.home().staging()));
    CHECK(fw::store::list_versions(fwrun.home(), "f")->size() <= 2);
  }
  CHECK(serving == "two");
  CHECK(points > 20);
}

namespace {

// Name of the process that an invocation has started; empty while there is none.
std::string name_of_child(const Command& invoke) {
  const std::string pid = std::to_string(invoke.process().pid());
  const std::string child = read_text("/proc/" + pid + "/task/" + pid + "/children");
  return child.empty() ? child : read_text("/proc/" + child.substr(0, child.find(' ')) + "/comm");
}

// Kills an invocation that would take minutes, as soon as its process exists and
// once more when it runs the function. The process must end by itself.
void check_killed(const std::function<Command()>& slow_invocation) {
  for (const char* name : {"", "fwrun-v8host\n"}) {
    CAPTURE(name);
    Command invoke = slow_invocation();
    invoke.start();
    std::string child;
    while (child.empty() || (*name != '\0' && child != name)) {
      ::sched_yield();
      child = name_of_child(invoke);
    }
    REQUIRE(invoke.process().send_signal(SIGKILL));
    CHECK(invoke.wait().code == 128 + SIGKILL);
    CHECK(::waitpid(-1, nullptr, __WALL) > 0);  // an orphan is ours
  }
}

}  // namespace

TEST_CASE("Killing an invocation takes the function's process along") {
  const Installation fwrun;
  fwrun.install("slow.js", {"--timeout", "600"});
  check_killed([&] { return fwrun.command({"--invoke", "slow", "--args", "{\"ms\":600000}"}); });
}

TEST_CASE("Killing another user's invocation takes the function's process along, too") {
  if (!have_nobody()) return;
  const Installation fwrun;
  fs::permissions(fwrun / "", fs::perms::all);
  const fs::path source = fwrun / "slow.js";
  fs::copy_file(fixture("slow.js"), source);
  const Finished installed =
      fwrun.command({"--json", "--install", source, "--timeout", "600"}).as_nobody().run();
  REQUIRE_MESSAGE(installed.code == 0, installed.out);
  check_killed([&] {
    Command invoke = fwrun.command({"--invoke", "slow", "--args", "{\"ms\":600000}"});
    invoke.as_nobody();
    return invoke;
  });
}

TEST_CASE("Installs of one function and of others at once all succeed, while it is invoked") {
  const Installation fwrun;
  const fs::path source = fwrun / "f.js";
  write_version(source, "x");
  REQUIRE(fwrun.command({"--install", source}).run().code == 0);
  std::vector<Command> commands;
  for (const char* name : {"f", "f", "g", "h"}) {
    commands.push_back(fwrun.command({"--install", source, "--name", name}));
  }
  for (Command& command : commands) command.start();
  for (int i = 0; i < 20; ++i) CHECK(fwrun.result("f") == "x");
  for (Command& command : commands) {
    const Finished finished = command.wait();
    CHECK_MESSAGE(finished.code == 0, finished.err);
  }
  const json shown = fwrun.command({"--json", "--show", "f"}).run().json();
  CHECK(shown["function"]["version"] == 3);
  CHECK(shown["versions"] == json{2, 3});
  for (const char* name : {"g", "h"}) CHECK(fwrun.result(name) == "x");
}

TEST_CASE("Many invocations at once each get their own answer") {
  const Installation fwrun;
  fwrun.install("echo.js", {"--timeout", "60"});
  std::vector<Command> commands;
  for (int i = 0; i < 24; ++i) {
    commands.push_back(fwrun.command({"--invoke", "echo", "--args", std::to_string(i)}));
  }
  for (Command& command : commands) command.start();
  for (int i = 0; i < 24; ++i) {
    CHECK(commands[static_cast<std::size_t>(i)].wait().out == std::to_string(i) + "\n");
  }
}

TEST_CASE("A disk too small for an image says so, and loses nothing") {
  const TempFolder temp;
  constexpr int kNotAllowed = 77;
  const pid_t pid = ::fork();
  REQUIRE(pid >= 0);
  if (pid == 0) {
    if (::unshare(CLONE_NEWNS) != 0 ||
        ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        ::mount("tmpfs", temp.path().c_str(), "tmpfs", 0, "size=30m") != 0) {
      ::_exit(kNotAllowed);
    }
    const auto run = [&](std::vector<std::string> words) {
      return Command(std::move(words)).env("FWRUN_HOME", temp.path()).run();
    };
    bool good = run({"--install", fixture("hello.js")}).code == 0;
    // A file that leaves no room for a second image.
    constexpr std::size_t kFiller = 10'000'000;
    write_text(temp / "filler", std::string(kFiller, 'x'));
    const Finished second = run({"--json", "--install", fixture("echo.js")});
    good = good && second.code == 6;
    good = good && contains(second.json()["error"]["message"], "No space left on device");
    good = good && run({"--invoke", "hello"}).code == 0;
    good = good && fs::is_empty(temp / "staging");
    fs::remove(temp / "filler");
    good = good && run({"--install", fixture("hello.js")}).code == 0;
    if (!good) std::fprintf(stderr, "%s\n%s\n", second.out.c_str(), second.err.c_str());
    ::_exit(good ? 0 : 1);
  }
  int status = -1;
  REQUIRE(::waitpid(pid, &status, 0) == pid);
  if (WIFEXITED(status) && WEXITSTATUS(status) == kNotAllowed) {
    MESSAGE("skipped: mounting a small tmpfs needs root");
    return;
  }
  CHECK(status == 0);
}
