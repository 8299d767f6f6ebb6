#include "base/syscalls.h"

#include <linux/futex.h>
#include <linux/kcmp.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <ctime>

#include "base/clock.h"

namespace fw::sys {

int futex_wait(const std::atomic<std::uint32_t>* word, std::uint32_t expected,
               std::uint64_t timeout_ns) {
  timespec ts{static_cast<time_t>(timeout_ns / kNsPerSecond),
              static_cast<long>(timeout_ns % kNsPerSecond)};
  return static_cast<int>(::syscall(SYS_futex, word, FUTEX_WAIT, expected,
                                    timeout_ns != 0 ? &ts : nullptr, nullptr, 0));
}

int futex_wake(const std::atomic<std::uint32_t>* word, int waiters) {
  return static_cast<int>(::syscall(SYS_futex, word, FUTEX_WAKE, waiters, nullptr, nullptr, 0));
}

int pidfd_open(pid_t pid) { return static_cast<int>(::syscall(SYS_pidfd_open, pid, 0)); }

int pidfd_send_signal(int pidfd, int signal) {
  return static_cast<int>(::syscall(SYS_pidfd_send_signal, pidfd, signal, nullptr, 0));
}

int pidfd_getfd(int pidfd, int fd) {
  return static_cast<int>(::syscall(SYS_pidfd_getfd, pidfd, fd, 0));
}

pid_t clone3_fork(const clone_args& args) {
  return static_cast<pid_t>(::syscall(SYS_clone3, &args, sizeof args));
}

int same_open_file(int fd_a, int fd_b) {
  const pid_t self = ::getpid();
  const long order = ::syscall(SYS_kcmp, self, self, KCMP_FILE, fd_a, fd_b);
  if (order < 0) return -1;
  return order == 0 ? 1 : 0;
}

pid_t gettid() { return static_cast<pid_t>(::syscall(SYS_gettid)); }

}  // namespace fw::sys
