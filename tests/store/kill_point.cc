#include "tests/store/kill_point.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <stdexcept>
#include <string>
#include <system_error>

namespace fw::testing {

namespace {

bool changes_something(const __ptrace_syscall_info& info) {
  constexpr std::array kChanging{SYS_mkdir,
                                 SYS_mkdirat,
                                 SYS_rmdir,
                                 SYS_rename,
                                 SYS_renameat,
                                 SYS_renameat2,
                                 SYS_unlink,
                                 SYS_unlinkat,
                                 SYS_symlink,
                                 SYS_symlinkat,
                                 SYS_write,
                                 SYS_pwrite64,
                                 SYS_fsync,
                                 SYS_ftruncate,
                                 SYS_flock,
                                 SYS_chmod,
                                 SYS_fchmod,
                                 SYS_fchmodat,
                                 SYS_clone,
                                 SYS_clone3,
                                 SYS_fork,
                                 SYS_vfork,
                                 SYS_pidfd_send_signal,
                                 SYS_wait4};
  const auto number = static_cast<long>(info.entry.nr);
  if (number == SYS_openat) return (info.entry.args[2] & O_CREAT) != 0;
  return std::find(kChanging.begin(), kChanging.end(), number) != kChanging.end();
}

void check(long result, const char* what) {
  if (result == -1) throw std::system_error(errno, std::generic_category(), what);
}

// False when the child has ended (and is reaped).
bool wait_for_stop(pid_t child, int& status) {
  pid_t waited = -1;
  do {
    waited = ::waitpid(child, &status, __WALL);
  } while (waited == -1 && errno == EINTR);
  check(waited, "waitpid");
  return WIFSTOPPED(status);
}

}  // namespace

bool kill_before_change(int n, const std::function<void()>& body) {
  const pid_t child = ::fork();
  check(child, "fork");
  if (child == 0) {
    ::ptrace(PTRACE_TRACEME, 0, nullptr, nullptr);
    ::raise(SIGSTOP);
    body();
    ::_exit(0);
  }
  int status = 0;
  if (!wait_for_stop(child, status)) throw std::runtime_error("the traced child did not stop");
  check(::ptrace(PTRACE_SETOPTIONS, child, nullptr, PTRACE_O_TRACESYSGOOD | PTRACE_O_EXITKILL),
        "PTRACE_SETOPTIONS");
  int signal = 0;  // to be delivered when it goes on
  for (int seen = 0;;) {
    check(::ptrace(PTRACE_SYSCALL, child, nullptr, signal), "PTRACE_SYSCALL");
    if (!wait_for_stop(child, status)) return false;
    signal = WSTOPSIG(status);
    if (signal == SIGTRAP) signal = 0;  // exec
    if (signal != (SIGTRAP | 0x80)) continue;
    signal = 0;
    __ptrace_syscall_info info{};
    check(::ptrace(PTRACE_GET_SYSCALL_INFO, child, sizeof info, &info), "PTRACE_GET_SYSCALL_INFO");
    if (info.op != PTRACE_SYSCALL_INFO_ENTRY || !changes_something(info)) continue;
    if (seen++ < n) continue;
    ::kill(child, SIGKILL);
    while (wait_for_stop(child, status)) {
    }
    return true;
  }
}

}  // namespace fw::testing
