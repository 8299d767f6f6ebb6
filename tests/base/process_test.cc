#include "base/process.h"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "base/clock.h"
#include "tests/child.h"

namespace {

using fw::ExitStatus;
using fw::Process;
using fw::test::run_child;
using fw::test::start_child;

int wait_for_a_signal() {
  for (;;) ::pause();
}

bool has_children() { return ::waitpid(-1, nullptr, WNOHANG) >= 0 || errno != ECHILD; }

TEST_CASE("an exit code is reported as it was given") {
  const ExitStatus ended = run_child([] { return 3; });
  CHECK(!ended.signalled);
  CHECK(ended.value == 3);
  CHECK(ended.describe() == "exited with code 3");
}

TEST_CASE("a deadly signal is reported by number and name") {
  const ExitStatus ended = run_child([] {
    ::raise(SIGSEGV);
    return 0;
  });
  CHECK(ended.signalled);
  CHECK(ended.value == SIGSEGV);
  CHECK(ended.describe() == "was killed by signal 11 (Segmentation fault)");
}

TEST_CASE("waiting brings the child's resource usage") {
  const ExitStatus ended = run_child([] { return 0; });
  CHECK(ended.usage.ru_minflt > 0);
}

TEST_CASE("a wait that times out leaves the process running, to be waited for again") {
  Process process = start_child(wait_for_a_signal);
  const auto in_time = process.wait(fw::kNsPerMs);
  REQUIRE(in_time.has_value());
  CHECK(!in_time->has_value());
  CHECK(process.running());
  REQUIRE(process.send_signal(SIGTERM));
  const auto ended = process.wait(60 * fw::kNsPerSecond);
  REQUIRE((ended && ended->has_value()));
  CHECK((*ended)->value == SIGTERM);
  CHECK(!process.running());
  CHECK(!has_children());
}

TEST_CASE("kill_and_reap ends even a process that ignores signals, and may be repeated") {
  Process process = start_child([] {
    ::signal(SIGTERM, SIG_IGN);
    return wait_for_a_signal();
  });
  process.kill_and_reap();
  CHECK(!process.running());
  CHECK(!has_children());
  process.kill_and_reap();
}

TEST_CASE("the destructor kills and reaps") {
  { const Process process = start_child(wait_for_a_signal); }
  CHECK(!has_children());
}

TEST_CASE("move assignment kills what the target held and takes the other over") {
  Process first = start_child(wait_for_a_signal);
  Process second = start_child(wait_for_a_signal);
  const pid_t killed = first.pid();
  const pid_t kept = second.pid();
  first = std::move(second);
  CHECK(::kill(killed, 0) == -1);
  CHECK(first.pid() == kept);
  CHECK(first.running());
  CHECK(!second.running());  // NOLINT(bugprone-use-after-move): the promise under test
  Process& same = first;
  first = std::move(same);
  CHECK(first.running());
}

TEST_CASE("a process that was reaped is not waited for again, nor another in its place") {
  Process process = start_child([] { return 0; });
  REQUIRE(process.wait());
  const Process bystander = start_child(wait_for_a_signal);
  CHECK(process.wait().error().message() == "wait for a process that was reaped before");
  CHECK(process.wait(fw::kNsPerMs).error().code() == fw::Errc::kInternal);
  CHECK(Process().wait().error().code() == fw::Errc::kInternal);
  CHECK(bystander.running());
}

TEST_CASE("a signal to a process that was reaped is an error, not somebody else's") {
  Process process = start_child([] { return 0; });
  REQUIRE(process.wait());
  CHECK(process.send_signal(SIGTERM).error().sys_errno() == EBADF);
}

TEST_CASE("a child that somebody else reaped is an error and does not block the owner") {
  Process process = start_child([] { return 0; });
  REQUIRE(::waitpid(process.pid(), nullptr, 0) == process.pid());
  CHECK(process.wait().error().sys_errno() == ECHILD);
}

}  // namespace
