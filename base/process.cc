#include "base/process.h"

#include <poll.h>
#include <sys/wait.h>

#include <cerrno>
#include <csignal>
#include <cstring>

#include "base/clock.h"
#include "base/syscalls.h"

namespace fw {

std::string ExitStatus::describe() const {
  if (!signalled) return "exited with code " + std::to_string(value);
  return "was killed by signal " + std::to_string(value) + " (" + ::strsignal(value) + ")";
}

Process& Process::operator=(Process&& other) noexcept {
  if (this != &other) {
    kill_and_reap();
    pid_ = std::exchange(other.pid_, -1);
    pidfd_ = std::move(other.pidfd_);
  }
  return *this;
}

Status Process::send_signal(int signal) const {
  if (sys::pidfd_send_signal(pidfd_.get(), signal) != 0) return fail_errno("pidfd_send_signal");
  return {};
}

Result<std::optional<ExitStatus>> Process::wait(std::uint64_t timeout_ns) {
  // wait4(-1) would reap any child, and a reaped pid may be another child's now.
  if (!running()) return fail(Errc::kInternal, "wait for a process that was reaped before");
  const std::uint64_t deadline = timeout_ns == 0 ? 0 : monotonic_ns() + timeout_ns;
  while (deadline != 0) {
    const std::uint64_t now = monotonic_ns();
    const std::uint64_t left = now < deadline ? deadline - now : 0;
    const timespec ts{static_cast<time_t>(left / kNsPerSecond),
                      static_cast<long>(left % kNsPerSecond)};
    pollfd poll_for{pidfd_.get(), POLLIN, 0};
    const int n = ::ppoll(&poll_for, 1, &ts, nullptr);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fail_errno("poll of a child's pidfd");
    if (n == 0) return std::optional<ExitStatus>();
    break;
  }
  // wait4 rather than waitid: it alone returns the child's resource usage.
  int status = 0;
  ExitStatus ended;
  pid_t reaped = -1;
  do {
    reaped = ::wait4(pid_, &status, __WALL, &ended.usage);
  } while (reaped < 0 && errno == EINTR);
  if (reaped < 0) return fail_errno("wait4");
  pidfd_.reset();
  ended.signalled = WIFSIGNALED(status);
  ended.value = ended.signalled ? WTERMSIG(status) : WEXITSTATUS(status);
  return std::optional<ExitStatus>(ended);
}

void Process::kill_and_reap() {
  if (!running()) return;
  (void)send_signal(SIGKILL);
  (void)wait();
  pidfd_.reset();
}

}  // namespace fw
