#include "base/syscalls.h"

#include <asm/prctl.h>
#include <linux/capability.h>
#include <linux/futex.h>
#include <linux/kcmp.h>
#include <sys/prctl.h>
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

int futex_wake_private(const std::uint32_t* word, int waiters) {
  return static_cast<int>(
      ::syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, waiters, nullptr, nullptr, 0));
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

int same_epoll_member(int epoll_fd, int fd, unsigned nth) {
  const kcmp_epoll_slot slot{static_cast<__u32>(epoll_fd), static_cast<__u32>(fd), nth};
  const pid_t self = ::getpid();
  const long order = ::syscall(SYS_kcmp, self, self, KCMP_EPOLL_TFD, fd, &slot);
  if (order < 0) return -1;
  return order == 0 ? 1 : 0;
}

pid_t gettid() { return static_cast<pid_t>(::syscall(SYS_gettid)); }

bool has_capability(int capability) {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct sets[_LINUX_CAPABILITY_U32S_3]{};
  if (::syscall(SYS_capget, &header, sets) != 0) return false;
  return (sets[capability / 32].effective >> (capability % 32) & 1U) != 0;
}

std::uint64_t fs_base() {
  std::uint64_t base = 0;
  ::syscall(SYS_arch_prctl, ARCH_GET_FS, &base);
  return base;
}

std::uint64_t gs_base() {
  std::uint64_t base = 0;
  ::syscall(SYS_arch_prctl, ARCH_GET_GS, &base);
  return base;
}

std::uint64_t robust_list() {
  void* head = nullptr;
  std::size_t length = 0;
  ::syscall(SYS_get_robust_list, 0, &head, &length);
  return reinterpret_cast<std::uint64_t>(head);
}

std::uint64_t tid_address() {
  std::uint64_t address = 0;
  ::prctl(PR_GET_TID_ADDRESS, &address, 0, 0, 0);
  return address;
}

int kernel_sigaction(int signo, const KernelSigaction* action, KernelSigaction* old) {
  return static_cast<int>(::syscall(SYS_rt_sigaction, signo, action, old, sizeof(std::uint64_t)));
}

int kernel_madvise(void* address, std::size_t length, int advice) {
  return static_cast<int>(::syscall(SYS_madvise, address, length, advice));
}

int kernel_sigmask(int how, const std::uint64_t* set, std::uint64_t* old) {
  return static_cast<int>(::syscall(SYS_rt_sigprocmask, how, set, old, sizeof(std::uint64_t)));
}

}  // namespace fw::sys
