// Commands on Python functions that are killed, run at the same time, or have no rights.
#include <doctest/doctest.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/e2e/installation.h"

using namespace fw::testing;
using nlohmann::json;
namespace fs = std::filesystem;

namespace {

std::string first_child(const std::string& pid) {
  const std::string children = read_text("/proc/" + pid + "/task/" + pid + "/children");
  return children.substr(0, children.find(' '));
}

std::string command_line(const std::string& pid) { return read_text("/proc/" + pid + "/cmdline"); }

fs::path python_fixture(const std::string& name) { return fixture("../" + name); }

const json kAllWake{{"wrong", json::array()}, {"more", 0}, {"alive", 13}};

}  // namespace

TEST_CASE("Killing an invocation takes the Python process along, its threads and its children") {
  const Installation fwrun;
  fwrun.install("../python_image/slow.py", {"--timeout", "600"});
  Command invoke = fwrun.command({"--invoke", "slow", "--args", "{\"seconds\": 600}"});
  invoke.start();
  std::string child;
  while (!command_line(child).starts_with("/bin/sleep")) {
    ::sched_yield();
    const std::string clone = first_child(std::to_string(invoke.process().pid()));
    child = clone.empty() ? clone : first_child(clone);
  }
  REQUIRE(invoke.process().send_signal(SIGKILL));
  CHECK(invoke.wait().code == 128 + SIGKILL);
  CHECK(::waitpid(-1, nullptr, __WALL) > 0);  // an orphan is ours
  CHECK(command_line(child).empty());
}

TEST_CASE("Many invocations of a Python function with threads at once each get their answer") {
  const Installation fwrun;
  fwrun.install("../python_threads/executor.py", {"--timeout", "60"});
  std::vector<Command> commands;
  for (int i = 0; i < 24; ++i) {
    const json event{{"numbers", {i}}};
    commands.push_back(fwrun.command({"--json", "--invoke", "executor", "--args", event.dump()}));
  }
  for (Command& command : commands) command.start();
  for (int i = 0; i < 24; ++i) {
    const json answer = commands[static_cast<std::size_t>(i)].wait().json();
    CHECK(answer["result"]["squares"] == json{i * i});
    CHECK(answer["result"]["threads"] == 4);
  }
}

TEST_CASE("Another user than root installs and invokes a Python function with threads") {
  if (!have_nobody()) return;
  const Installation fwrun;
  fs::permissions(fwrun / "", fs::perms::all);
  for (const char* name : {"waiting", "shared_values"}) {
    const fs::path source = fwrun / (std::string(name) + ".py");
    fs::copy_file(python_fixture("python_threads/" + std::string(name) + ".py"), source);
    const Finished installed = fwrun.command({"--json", "--install", source}).as_nobody().run();
    REQUIRE_MESSAGE(installed.code == 0, installed.out);
  }
  for (int i = 0; i < 2; ++i) {
    CHECK(fwrun.command({"--json", "--invoke", "waiting"}).as_nobody().run().json()["result"] ==
          kAllWake);
    const json answer =
        fwrun.command({"--json", "--invoke", "shared_values", "--args", "{\"children\": 2}"})
            .as_nobody()
            .run()
            .json();
    CHECK(answer["result"]["value"] == 43);
  }
}

TEST_CASE("Root of a container, who may not create namespaces, runs Python functions") {
  if (::geteuid() != 0) {
    MESSAGE("skipped: only root can give up a right of root");
    return;
  }
  const Installation fwrun;
  const fs::path source = python_fixture("python_threads/waiting.py");
  const Finished installed =
      fwrun.command({"--json", "--install", source}).without_sys_admin().run();
  REQUIRE_MESSAGE(installed.code == 0, installed.out);
  CHECK(
      fwrun.command({"--json", "--invoke", "waiting"}).without_sys_admin().run().json()["result"] ==
      kAllWake);
  CHECK(fwrun.result("waiting") == kAllWake);
}
