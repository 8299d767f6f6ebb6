// System calls that glibc 2.36 has no wrapper for. Thin: one call each, errno
// set as usual, -1 on failure. This file and snapshot/restore/raw/ are the only
// places where raw system calls are made.
#pragma once

#include <linux/sched.h>
#include <sys/types.h>

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace fw::sys {

// futex(2) on memory shared between processes (no FUTEX_PRIVATE_FLAG).
// Returns 0 when woken, -1 with EAGAIN (value differed), EINTR or ETIMEDOUT.
// `timeout_ns` is relative; 0 waits for ever.
int futex_wait(const std::atomic<std::uint32_t>* word, std::uint32_t expected,
               std::uint64_t timeout_ns);
int futex_wake(const std::atomic<std::uint32_t>* word, int waiters);
// The same with FUTEX_PRIVATE_FLAG, for a word that is no std::atomic.
int futex_wake_private(const std::uint32_t* word, int waiters);

int pidfd_open(pid_t pid);
int pidfd_send_signal(int pidfd, int signal);
// Duplicates descriptor `fd` of the process behind `pidfd` into this one
// (Linux 5.6; needs ptrace access to it, see pidfd_getfd(2)).
int pidfd_getfd(int pidfd, int fd);

// clone3(2) as fork: 0 in the child, its pid in the parent.
pid_t clone3_fork(const clone_args& args);

// True when descriptors a and b share one open file description (kcmp(2)).
// -1 when the kernel has no kcmp.
int same_open_file(int fd_a, int fd_b);

// True when the nth member (from 0) of an epoll set that was registered by number
// `fd` is the file that `fd` is open on now; the same numbers may have been used for
// several files. -1 when the kernel cannot tell.
int same_epoll_member(int epoll_fd, int fd, unsigned nth);

pid_t gettid();

// Whether the calling thread has a capability (capabilities(7)) in effect.
bool has_capability(int capability);

// What follows describes the calling thread, for a snapshot of it. All of it may
// be called in a signal handler.
std::uint64_t fs_base();
std::uint64_t gs_base();
std::uint64_t robust_list();
std::uint64_t tid_address();  // where the kernel clears the tid at exit; 0 if unknown

// rt_sigaction(2) as the kernel sees it: also for the two signals that glibc keeps
// to itself, 32 and 33.
struct KernelSigaction {
  std::uint64_t handler;
  std::uint64_t flags;
  std::uint64_t restorer;
  std::uint64_t mask;
};
int kernel_sigaction(int signo, const KernelSigaction* action, KernelSigaction* old);

// madvise(2) itself, where the program has replaced the libc function.
int kernel_madvise(void* address, std::size_t length, int advice);

// rt_sigprocmask(2), the whole kernel mask including 32 and 33.
int kernel_sigmask(int how, const std::uint64_t* set, std::uint64_t* old);

}  // namespace fw::sys
