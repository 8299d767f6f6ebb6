// Child processes for tests: `body` runs in a fork and its result is the exit
// code. Killed and reaped at the end of the scope, like every fw::Process. What
// doctest or a sanitizer wants to do about deadly signals is off in the child.
#pragma once

#include <unistd.h>

#include <csignal>

#include "base/check.h"
#include "base/process.h"
#include "base/syscalls.h"

namespace fw::test {

template <typename Body>
Process start_child(Body body) {
  // Blocked meanwhile: a signal sent to the child at once finds it ready.
  sigset_t all;
  sigset_t mask;
  ::sigfillset(&all);
  ::sigprocmask(SIG_SETMASK, &all, &mask);
  const pid_t pid = ::fork();
  FW_CHECK(pid >= 0, "a test can fork");
  if (pid == 0) {
    for (const int deadly : {SIGABRT, SIGBUS, SIGFPE, SIGILL, SIGINT, SIGSEGV, SIGTERM}) {
      ::signal(deadly, SIG_DFL);
    }
    ::sigprocmask(SIG_SETMASK, &mask, nullptr);
    ::_exit(body());
  }
  ::sigprocmask(SIG_SETMASK, &mask, nullptr);
  UniqueFd pidfd(sys::pidfd_open(pid));
  FW_CHECK(pidfd.valid(), "a child that is not reaped has a pidfd");
  return Process(pid, std::move(pidfd));
}

// Runs it to its end.
template <typename Body>
ExitStatus run_child(Body body) {
  Result<std::optional<ExitStatus>> ended = start_child(body).wait();
  FW_CHECK(ended && ended->has_value(), "a child ends");
  return **ended;
}

}  // namespace fw::test
