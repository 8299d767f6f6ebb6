// Whatever an invocation does to the rest of the process is undone by a reset, or ends
// it.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/files.h"
#include "tests/snapshot/reset_runner.h"

using namespace fw;
using namespace fw::test;

namespace {

constexpr std::uint32_t kRounds = 100;

void expect_undone(const char* name, Pids pids, std::initializer_list<const char*> deeds) {
  const Guest guest(name);
  REQUIRE(guest.capture(pids));
  for (const char* deed : deeds) {
    for (const bool watch : {false, true}) {
      guest::Notebook notebook;
      expect_all_reset(guest, {.pids = pids, .deed = deed, .rounds = kRounds, .watch = watch},
                       &notebook);
      CHECK(notebook.woken[FW_WOKEN_BY_RESET_FULL] == kRounds);
    }
  }
}

}  // namespace

TEST_CASE("Descriptors are what they were after every reset") {
  expect_undone("resets/descriptors", Pids::kPatched,
                {"nothing", "new descriptors", "closed descriptors", "replaced descriptors",
                 "position", "epoll", "full pipe", "flags of standard output"});
}

TEST_CASE("Folders, limits, signals and timers are what they were after every reset") {
  expect_undone(
      "resets/process", Pids::kPatched,
      {"nothing", "folder", "umask", "limits", "signal actions", "blocked and pending signals",
       "handled signals", "interval timers", "POSIX timers", "name", "alternate stack",
       "attributes", "reset on an alternate stack, in a handler"});
}

TEST_CASE("Threads and children are gone after every reset") {
  for (const Pids pids : {Pids::kPatched, Pids::kKept}) {
    expect_undone("resets/company", pids,
                  {"nothing", "waiting threads", "busy threads", "ending threads",
                   "threads that start threads", "reset by another thread", "reset by two threads",
                   "thread with all signals blocked", "running child", "ended child",
                   "stopped child", "grandchildren", "child that shares memory"});
  }
}

TEST_CASE("What a reset cannot set back ends the process with the reason") {
  const Guest guest("resets/process");
  REQUIRE(guest.capture(Pids::kPatched));
  expect_not_reset(guest, {.deed = "no new privileges"}, "cannot be set back, NoNewPrivs:");
  if (::geteuid() == 0) {
    expect_not_reset(guest, {.deed = "dropped capability"}, "cannot be set back, CapBnd:");
    expect_not_reset(guest, {.deed = "seccomp filter"}, "cannot be set back, Seccomp");
    expect_not_reset(guest, {.deed = "namespace"}, "cannot be set back, ns/uts");
    expect_not_reset(guest, {.deed = "root"}, "root folder was changed");
  } else {
    MESSAGE("skipped in part: capabilities and the root can be changed by root only");
  }
  expect_not_reset(guest, {.deed = "session"}, "cannot be set back, session");
}

TEST_CASE("A thread that cannot be ended ends the process") {
  const Guest guest("resets/company");
  REQUIRE(guest.capture(Pids::kPatched));
  expect_not_reset(guest, {.deed = "deaf thread"}, "a thread does not end");
}

TEST_CASE("A descriptor handed over that was closed or replaced ends the process") {
  const Guest guest("resets/descriptors");
  REQUIRE(guest.capture(Pids::kPatched));
  Result<UniqueFd> file = open_file("/dev/null", O_RDWR);
  REQUIRE(file.has_value());
  const std::vector<fw_restore_fd> fds{{file->get(), 40}};
  expect_all_reset(guest, {.rounds = kRounds, .fds = fds});
  for (const char* deed : {"standard output elsewhere", "closed standard output"}) {
    expect_not_reset(guest, {.deed = deed, .fds = fds}, "closed or replaced, 1");
  }
  for (const char* deed : {"closed handed descriptor", "replaced handed descriptor"}) {
    expect_not_reset(guest, {.deed = deed, .fds = fds}, "closed or replaced, 40");
  }
  expect_not_reset(guest, {.deed = "everything closed", .fds = fds}, "the program closed");
}

TEST_CASE("A process restored without the flag cannot be reset") {
  const Guest guest("resets/memory");
  REQUIRE(guest.capture(Pids::kPatched));
  const ResetOutcome result = run_resets(guest, {.flags = 0});
  CHECK(result.outcome.exited_with(1));
  CHECK(result.outcome.output.find("fw_snapshot_reset() is -95") != std::string::npos);
}

TEST_CASE("Threads, children and descriptors of a fork are what they were after every reset") {
  const auto check = [](const char* name, std::initializer_list<const char*> deeds) {
    const Guest guest(name);
    REQUIRE(guest.capture(Pids::kKept));
    for (const char* deed : deeds) {
      expect_all_reset(guest,
                       {.pids = Pids::kKept, .deed = deed, .rounds = kRounds, .forked = true});
    }
  };
  check("resets/company", {"waiting threads", "grandchildren"});
  check("resets/descriptors", {"closed descriptors", "epoll"});
}
