#include "store/install/host_process.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <string>
#include <vector>

#include "base/syscalls.h"
#include "store/namespaces.h"

namespace fw::store {

namespace {

// Numbers in the host; below them only 0, 1 and 2.
constexpr int kJobTarget = 3;
constexpr int kSlotTarget = 4;
constexpr int kFailureTarget = 5;  // close-on-exec: gone when the host runs

enum class Step : int { kParentDied, kUserMap, kDescriptors, kFolder, kExec };

const char* describe(Step step) {
  switch (step) {
    case Step::kParentDied:
      return "fwrun ended";
    case Step::kUserMap:
      return "map the user into its namespace";
    case Step::kDescriptors:
      return "arrange descriptors";
    case Step::kFolder:
      return "enter the function's folder";
    case Step::kExec:
      return "execute";
  }
  return "start";
}

struct StepFailure {
  Step step;
  int error;
};

// What the child needs, prepared before it exists: it may not allocate, because
// another thread of this process may have held the heap's lock when it was made.
struct ChildPlan {
  const char* executable;
  const char* folder;
  std::vector<char*> arguments;
  std::vector<char*> environment;
  std::string uid_map;  // empty: no user namespace
  std::string gid_map;
  int job_fd, slot_fd, output_fd, null_fd, failure_fd, parent_pidfd;
};

[[noreturn]] void give_up(int failure_fd, Step step) {
  const StepFailure failure{step, errno};
  (void)!::write(failure_fd, &failure, sizeof failure);
  ::_exit(127);
}

bool write_proc(const char* path, std::string_view text) {
  const int fd = ::open(path, O_WRONLY | O_CLOEXEC);
  if (fd < 0) return false;
  const bool written = ::write(fd, text.data(), text.size()) == static_cast<ssize_t>(text.size());
  const int error = errno;
  ::close(fd);
  errno = error;
  return written;
}

bool map_user(const ChildPlan& plan) {
  return write_proc("/proc/self/setgroups", "deny") &&
         write_proc("/proc/self/uid_map", plan.uid_map) &&
         write_proc("/proc/self/gid_map", plan.gid_map);
}

// The sources lie at or above kFailureTarget + 1, so no dup2 overwrites one.
bool arrange_descriptors(ChildPlan& plan) {
  for (int* fd : {&plan.failure_fd, &plan.job_fd, &plan.slot_fd, &plan.output_fd, &plan.null_fd}) {
    *fd = ::fcntl(*fd, F_DUPFD_CLOEXEC, kFailureTarget + 1);
    if (*fd < 0) return false;
  }
  if (::dup3(plan.failure_fd, kFailureTarget, O_CLOEXEC) < 0) return false;
  plan.failure_fd = kFailureTarget;
  return ::dup2(plan.null_fd, STDIN_FILENO) >= 0 && ::dup2(plan.output_fd, STDOUT_FILENO) >= 0 &&
         ::dup2(plan.output_fd, STDERR_FILENO) >= 0 && ::dup2(plan.job_fd, kJobTarget) >= 0 &&
         ::dup2(plan.slot_fd, kSlotTarget) >= 0 && ::close_range(kFailureTarget + 1, ~0U, 0) == 0;
}

void default_signals() {
  for (int signal = 1; signal < NSIG; ++signal) ::signal(signal, SIG_DFL);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

[[noreturn]] void become_host(ChildPlan& plan) {
  // From now on the host dies with us. If we died before, the pidfd says so: in
  // the new namespace getppid() would not.
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  pollfd parent{plan.parent_pidfd, POLLIN, 0};
  if (::poll(&parent, 1, 0) != 0) give_up(plan.failure_fd, Step::kParentDied);
  if (!plan.uid_map.empty() && !map_user(plan)) give_up(plan.failure_fd, Step::kUserMap);
  ::setsid();
  ::umask(022);
  default_signals();
  if (!arrange_descriptors(plan)) give_up(plan.failure_fd, Step::kDescriptors);
  if (::chdir(plan.folder) != 0) give_up(plan.failure_fd, Step::kFolder);
  ::execve(plan.executable, plan.arguments.data(), plan.environment.data());
  give_up(plan.failure_fd, Step::kExec);
}

Result<Process> clone_host(ChildPlan& plan, bool user_namespace) {
  if (user_namespace) {
    plan.uid_map = "0 " + std::to_string(::geteuid()) + " 1";
    plan.gid_map = "0 " + std::to_string(::getegid()) + " 1";
  }
  int pidfd = -1;
  clone_args how{};
  how.flags = CLONE_NEWPID | CLONE_PIDFD | (user_namespace ? CLONE_NEWUSER : 0);
  how.pidfd = reinterpret_cast<std::uintptr_t>(&pidfd);
  how.exit_signal = SIGCHLD;
  const pid_t pid = sys::clone3_fork(how);
  if (pid == 0) become_host(plan);
  if (pid < 0) return fail(no_namespaces(errno));
  return Process(pid, UniqueFd(pidfd));
}

}  // namespace

Result<Process> start_host(const HostStart& start) {
  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0) return fail_errno("pipe");
  const UniqueFd failure_reader(pipe[0]);
  UniqueFd failure_writer(pipe[1]);
  const UniqueFd null(::open("/dev/null", O_RDWR | O_CLOEXEC));
  if (!null) return fail_errno("open /dev/null");
  const UniqueFd self(sys::pidfd_open(::getpid()));
  if (!self) return fail_errno("pidfd_open");

  std::vector<std::string> texts{start.executable.string(), "--job", std::to_string(kJobTarget),
                                 "--slot", std::to_string(kSlotTarget)};
  const std::size_t argument_count = texts.size();
  for (const auto& [name, value] : start.environment) {
    texts.push_back(name);
    texts.back().append("=").append(value);
  }

  ChildPlan plan{start.executable.c_str(),
                 start.folder.c_str(),
                 {},
                 {},
                 {},
                 {},
                 start.job_fd,
                 start.slot_fd,
                 start.output_fd,
                 null.get(),
                 failure_writer.get(),
                 self.get()};
  for (std::size_t i = 0; i < texts.size(); ++i) {
    (i < argument_count ? plan.arguments : plan.environment).push_back(texts[i].data());
  }
  plan.arguments.push_back(nullptr);
  plan.environment.push_back(nullptr);

  // Root of a container may lack the right to create PID namespaces, too.
  const bool root = ::geteuid() == 0;
  Result<Process> host = clone_host(plan, !root);
  if (!host && root) host = clone_host(plan, true);
  if (!host) return host;

  failure_writer.reset();
  StepFailure failure{};
  ssize_t n = -1;
  do {
    n = ::read(failure_reader.get(), &failure, sizeof failure);
  } while (n < 0 && errno == EINTR);
  if (n == 0) return host;  // closed by exec
  if (n != sizeof failure) return fail(Errc::kInternal, "the host's start could not be observed");
  if (failure.step == Step::kUserMap) return fail(no_namespaces(failure.error));
  return fail(Error::from_errno(
      "start " + start.executable.string() + ": " + describe(failure.step), failure.error));
}

}  // namespace fw::store
