#include "snapshot/restore/launch.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <linux/sched.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <cerrno>

#include "base/syscalls.h"
#include "base/unique_fd.h"
#include "snapshot/image/cpu_features.h"

namespace fw::restore {
namespace {

struct Child {
  const Launch* launch;
  bool new_user_namespace;
  uid_t uid;
  gid_t gid;
  int parent_pidfd;
  int error;  // of the child, for the parent: they share memory until exec
};

bool write_file(const char* path, const char* text, std::size_t size) {
  const int fd = ::open(path, O_WRONLY | O_CLOEXEC);
  if (fd < 0) return false;
  const bool ok = ::write(fd, text, size) == static_cast<ssize_t>(size);
  ::close(fd);
  return ok;
}

bool map_to_root(const char* path, unsigned id) {
  char text[32] = "0 ";
  char* end = std::to_chars(text + 2, text + sizeof text - 3, id).ptr;
  *end++ = ' ';
  *end++ = '1';
  return write_file(path, text, static_cast<std::size_t>(end - text));
}

// From now on the parent's end ends us, too; false when it came before. getppid()
// could not tell: in a new PID namespace it is 0 either way.
bool die_with_parent(const Child& child) {
  if (::prctl(PR_SET_PDEATHSIG, child.launch->parent_death_signal) != 0) return false;
  pollfd parent{child.parent_pidfd, POLLIN, 0};
  return ::poll(&parent, 1, 0) == 0;
}

int run_child(void* argument) {
  auto* child = static_cast<Child*>(argument);
  if (child->launch->parent_death_signal != 0 && !die_with_parent(*child)) {
    child->error = ESRCH;
    return 127;
  }
  if (child->new_user_namespace && !(write_file("/proc/self/setgroups", "deny", 4) &&
                                     map_to_root("/proc/self/uid_map", child->uid) &&
                                     map_to_root("/proc/self/gid_map", child->gid))) {
    child->error = errno;
    return 127;
  }
  child->error = child->launch->fds.place();
  if (child->error == 0) {
    static char* const kNoEnvironment[] = {nullptr};
    ::execve(child->launch->restorer, child->launch->command.argv(), kNoEnvironment);
    child->error = errno;
  }
  return 127;
}

// Making a PID namespace needs CAP_SYS_ADMIN, which the maker of a user namespace has in
// there. Root of a container may lack it; who is not root would lose it in exec.
bool needs_user_namespace(const Launch& launch) {
  if (!launch.new_pid_namespace && !launch.makes_pid_namespaces) return false;
  return ::geteuid() != 0 || !sys::has_capability(CAP_SYS_ADMIN);
}

}  // namespace

Launch::Launch(int first_fd, const char* restorer_path)
    : fds(first_fd), restorer(restorer_path != nullptr ? restorer_path : FW_RESTORER_PATH) {
  command.add("fwrun-restore");
}

int FdBlock::place() const {
  // First out of the way, since sources and places may overlap.
  std::array<int, 2 * kMaxFds + 1> lifted{};
  const int above = first_ + static_cast<int>(count_);
  for (std::size_t i = 0; i < count_; ++i) {
    lifted[i] = ::fcntl(sources_[i], F_DUPFD_CLOEXEC, above);
    if (lifted[i] < 0) return errno;
  }
  std::array<int, kMaxFds> lifted_standard{};
  for (std::size_t i = 0; i < standard_count_; ++i) {
    lifted_standard[i] = ::fcntl(standard_sources_[i], F_DUPFD_CLOEXEC, above);
    if (lifted_standard[i] < 0) return errno;
  }
  for (std::size_t i = 0; i < count_; ++i) {
    if (::dup2(lifted[i], first_ + static_cast<int>(i)) < 0) return errno;
  }
  for (std::size_t i = 0; i < standard_count_; ++i) {
    if (::dup2(lifted_standard[i], standard_targets_[i]) < 0) return errno;
  }
  return 0;
}

// CPUID traps in a virtual machine: asked once for each process.
std::uint64_t cpu_of_this_machine() {
  static const std::uint64_t hash = image::cpu_feature_hash();
  return hash;
}

int launch(const Launch& order, fw_restored* started) {
  Child child{&order, needs_user_namespace(order), ::geteuid(), ::getegid(), -1, 0};
  const UniqueFd self(order.parent_death_signal != 0 ? sys::pidfd_open(::getpid()) : -1);
  if (order.parent_death_signal != 0 && !self) return -errno;
  child.parent_pidfd = self.get();
  int flags = CLONE_VM | CLONE_VFORK | CLONE_PIDFD | SIGCHLD;
  if (order.new_pid_namespace) flags |= CLONE_NEWPID;
  if (child.new_user_namespace) flags |= CLONE_NEWUSER;
  std::uint64_t all = ~std::uint64_t{0};
  std::uint64_t mask = 0;
  sys::kernel_sigmask(SIG_BLOCK, &all, &mask);
  int pidfd = -1;
  alignas(16) char stack[8192];
  const int pid = ::clone(run_child, stack + sizeof stack, flags, &child, &pidfd);
  const int error = errno;
  sys::kernel_sigmask(SIG_SETMASK, &mask, nullptr);
  if (pid < 0) return -error;
  if (child.error != 0) {  // it ended before it became the restorer
    int status = 0;
    ::waitpid(pid, &status, __WALL);
    ::close(pidfd);
    return -child.error;
  }
  ::fcntl(pidfd, F_SETFD, FD_CLOEXEC);
  *started = {pid, pidfd};
  return 0;
}

}  // namespace fw::restore
