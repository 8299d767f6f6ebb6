// fw_restore_start(): a child that executes the restorer with its orders.
#include <fcntl.h>
#include <linux/sched.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>

#include "base/syscalls.h"
#include "base/unique_fd.h"
#include "snapshot/image/cpu_features.h"
#include "snapshot/image/validate.h"
#include "snapshot/snapshot.h"

namespace fw::restore {
namespace {

constexpr std::size_t kMaxFds = 16;  // as many as the restorer takes
constexpr std::size_t kOrderBytes = 64;

// The restorer's command line. Built before the child exists: between clone and
// exec it shares our memory and may only make system calls.
class CommandLine {
 public:
  void add(const char* word) { argv_[count_++] = const_cast<char*>(word); }

  // "word:1:2:3" or "@1"
  template <typename... Numbers>
  void add_order(const char* word, Numbers... numbers) {
    char* out = orders_[order_count_].data();
    char* const start = out;
    char* const end = out + kOrderBytes - 1;
    while (*word != '\0') *out++ = *word++;
    bool first = true;
    const auto put = [&](std::uint64_t number) {
      if (!first) *out++ = ':';
      first = false;
      out = std::to_chars(out, end, number).ptr;
    };
    (put(static_cast<std::uint64_t>(numbers)), ...);
    *out = '\0';
    ++order_count_;
    add(start);
  }
  char** argv() { return argv_.data(); }

 private:
  static constexpr std::size_t kMaxWords = 2 * kMaxFds + 8;
  std::array<std::array<char, kOrderBytes>, kMaxWords> orders_;
  std::array<char*, kMaxWords + 1> argv_{};
  std::size_t count_ = 0;
  std::size_t order_count_ = 0;
};

// Descriptors that the restorer needs go to a block right above the image's own.
class FdBlock {
 public:
  explicit FdBlock(int first) : first_(first) {}
  // Where `fd` of the caller will be.
  int add(int fd) {
    sources_[count_] = fd;
    return first_ + static_cast<int>(count_++);
  }
  std::size_t size() const { return count_; }

  // `fd` becomes one of the child's descriptors 0 to 2 before the restorer starts,
  // so that what it has to say goes where the caller expects it.
  void add_standard(int fd, int target) {
    standard_sources_[standard_count_] = fd;
    standard_targets_[standard_count_++] = target;
  }

  // In the child: puts them there, inheritable. 0 or an errno.
  int place() const {
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

 private:
  int first_;
  std::array<int, 2 * kMaxFds + 1> sources_{};
  std::size_t count_ = 0;
  std::array<int, kMaxFds> standard_sources_{};
  std::array<int, kMaxFds> standard_targets_{};
  std::size_t standard_count_ = 0;
};

struct Child {
  CommandLine command;
  FdBlock fds;
  const char* restorer;
  bool new_user_namespace;
  uid_t uid;
  gid_t gid;
  int parent_death_signal = 0;
  int parent_pidfd = -1;
  int error = 0;  // of the child, for the parent: they share memory until exec
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
  if (::prctl(PR_SET_PDEATHSIG, child.parent_death_signal) != 0) return false;
  pollfd parent{child.parent_pidfd, POLLIN, 0};
  return ::poll(&parent, 1, 0) == 0;
}

int run_child(void* argument) {
  auto* child = static_cast<Child*>(argument);
  if (child->parent_death_signal != 0 && !die_with_parent(*child)) {
    child->error = ESRCH;
    return 127;
  }
  if (child->new_user_namespace && !(write_file("/proc/self/setgroups", "deny", 4) &&
                                     map_to_root("/proc/self/uid_map", child->uid) &&
                                     map_to_root("/proc/self/gid_map", child->gid))) {
    child->error = errno;
    return 127;
  }
  child->error = child->fds.place();
  if (child->error == 0) {
    static char* const kNoEnvironment[] = {nullptr};
    ::execve(child->restorer, child->command.argv(), kNoEnvironment);
    child->error = errno;
  }
  return 127;
}

// CPUID traps in a virtual machine: asked once for each process.
std::uint64_t cpu_of_this_machine() {
  static const std::uint64_t hash = image::cpu_feature_hash();
  return hash;
}

// Reads the header of the image's plan.
int read_plan_header(int fd, image::Plan* plan) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) return -errno;
  char head[1024];
  const ssize_t n = ::pread(fd, head, sizeof head, 0);
  if (n < 0) return -errno;
  image::PlanLocation location{};
  if (image::locate_plan(head, static_cast<std::size_t>(n),
                         static_cast<std::uint64_t>(status.st_size), &location) != nullptr) {
    return -ENOEXEC;
  }
  const auto at = static_cast<off_t>(location.note_offset + image::kPlanNoteHeader);
  if (::pread(fd, plan, sizeof *plan, at) != sizeof *plan) return -ENOEXEC;
  if (plan->magic != image::kPlanMagic || plan->first_free_fd < 3) return -ENOEXEC;
  return 0;
}

int start(Child* child, bool new_pid_namespace, fw_restored* restored) {
  std::uint64_t all = ~std::uint64_t{0};
  std::uint64_t mask = 0;
  sys::kernel_sigmask(SIG_BLOCK, &all, &mask);
  int pidfd = -1;
  int flags = CLONE_VM | CLONE_VFORK | CLONE_PIDFD | SIGCHLD;
  if (new_pid_namespace) flags |= CLONE_NEWPID;
  if (child->new_user_namespace) flags |= CLONE_NEWUSER;
  alignas(16) char stack[8192];
  const int pid = ::clone(run_child, stack + sizeof stack, flags, child, &pidfd);
  const int error = errno;
  sys::kernel_sigmask(SIG_SETMASK, &mask, nullptr);
  if (pid < 0) return -error;
  ::fcntl(pidfd, F_SETFD, FD_CLOEXEC);
  *restored = {pid, pidfd};
  return 0;
}

}  // namespace
}  // namespace fw::restore

extern "C" int fw_restore_first_free_fd(int image_fd) {
  fw::image::Plan plan;
  const int error = fw::restore::read_plan_header(image_fd, &plan);
  return error != 0 ? error : plan.first_free_fd;
}

extern "C" int fw_restore_start(const fw_restore_request* request, fw_restored* restored) {
  using namespace fw::restore;
  if (request->fd_count + request->external_count > kMaxFds) return -E2BIG;
  const int first_free = fw_restore_first_free_fd(request->image_fd);
  // No image at all: the restorer is left to say so, in its words.
  constexpr int kAnyFd = 3;
  int first = first_free < 0 ? kAnyFd : first_free;
  for (std::size_t i = 0; i < request->fd_count; ++i) {
    if (request->fds[i].target >= first) first = request->fds[i].target + 1;
  }
  const bool in_namespace = request->pid_mode == FW_RESTORE_PID_NAMESPACE;
  Child child{{}, FdBlock(first), request->restorer_path, false, ::geteuid(), ::getegid()};
  child.parent_death_signal = request->parent_death_signal;
  const fw::UniqueFd self(child.parent_death_signal != 0 ? fw::sys::pidfd_open(::getpid()) : -1);
  if (child.parent_death_signal != 0 && !self) return -errno;
  child.parent_pidfd = self.get();
  if (child.restorer == nullptr) child.restorer = FW_RESTORER_PATH;
  child.new_user_namespace = in_namespace && child.uid != 0;
  child.command.add("fwrun-restore");
  child.command.add_order("@", child.fds.add(request->image_fd));
  if (in_namespace) child.command.add("pidns");
  if (request->flags != 0) child.command.add_order("flags:", request->flags);
  if (request->pack_fd > 0) child.command.add_order("pack:", child.fds.add(request->pack_fd));
  child.command.add_order("cpu:", cpu_of_this_machine());
  for (std::size_t i = 0; i < request->external_count; ++i) {
    const fw_restore_external& e = request->externals[i];
    child.command.add_order("ext:", e.tag, child.fds.add(e.fd), e.offset);
  }
  for (std::size_t i = 0; i < request->fd_count; ++i) {
    const fw_restore_fd& fd = request->fds[i];
    if (fd.target <= 2) {
      child.fds.add_standard(fd.source, fd.target);
    } else {
      child.command.add_order("fd:", child.fds.add(fd.source), fd.target);
    }
  }
  int error = start(&child, in_namespace, restored);
  if (error == -EPERM && in_namespace && !child.new_user_namespace) {
    child.new_user_namespace = true;  // root of a container, without CAP_SYS_ADMIN
    error = start(&child, in_namespace, restored);
  }
  if (error != 0 || child.error == 0) return error;
  // The child ended before it became the restorer.
  int status = 0;
  ::waitpid(restored->pid, &status, __WALL);
  ::close(restored->pidfd);
  *restored = {-1, -1};
  return -child.error;
}
