#include "snapshot/capture/process.h"

#include <signal.h>
#include <sys/rseq.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/syscalls.h"
#include "snapshot/capture/proc.h"
#include "snapshot/image/cpu_features.h"

namespace fw::capture {
namespace {

// Fields of /proc/self/stat by their number in proc_pid_stat(5), from 3 on.
class StatFields {
 public:
  explicit StatFields(std::string_view stat) {
    stat.remove_prefix(stat.rfind(')') + 1);
    for (std::string_view word = take_word(&stat); !word.empty() && count_ < kMax;
         word = take_word(&stat)) {
      values_[count_++] = to_number(word);
    }
  }
  std::uint64_t operator[](std::size_t number) const {
    return number - 3 < count_ ? values_[number - 3] : 0;
  }

 private:
  static constexpr std::size_t kMax = 64;
  std::uint64_t values_[kMax] = {};
  std::size_t count_ = 0;
};

bool capture_memory_fields(std::pmr::memory_resource* memory, Draft* draft, Refusal* refusal) {
  const auto stat = read_proc(memory, "/proc/self/stat");
  if (!stat) return refusal->because_errno(errno, "cannot read /proc/self/stat");
  const StatFields f(*stat);
  image::MemoryFields& m = draft->header.memory;
  m.start_code = f[26];
  m.end_code = f[27];
  m.start_stack = f[28];
  m.start_data = f[45];
  m.end_data = f[46];
  m.start_brk = f[47];
  m.arg_start = f[48];
  m.arg_end = f[49];
  m.env_start = f[50];
  m.env_end = f[51];
  m.brk = reinterpret_cast<std::uint64_t>(::sbrk(0));
  if (m.start_code == 0 || m.start_brk == 0) {
    return refusal->because(-EPERM,
                            "/proc/self/stat hides this process's addresses: it must be "
                            "allowed to trace itself (dumpable, see prctl(2))");
  }
  const auto auxv = read_proc(memory, "/proc/self/auxv");
  if (!auxv) return refusal->because_errno(errno, "cannot read /proc/self/auxv");
  draft->header.auxv = draft->add_text(*auxv);
  return true;
}

bool capture_fingerprint(Draft* draft) {
  utsname kernel{};
  ::uname(&kernel);
  image::Fingerprint& f = draft->header.fingerprint;
  f.cpu = image::cpu_feature_hash();
  f.xcr0 = image::cpu_xcr0();
  std::memcpy(f.kernel_release, kernel.release, sizeof f.kernel_release);
  std::memcpy(f.kernel_version, kernel.version, sizeof f.kernel_version);
  return true;
}

// umask(2) can only be read by changing it; /proc tells without that.
std::uint32_t current_umask(std::string_view status) {
  return static_cast<std::uint32_t>(to_number(field(status, "Umask"), 8));
}

bool capture_cwd(std::pmr::memory_resource* memory, Draft* draft, Refusal* refusal) {
  const auto cwd = read_link(memory, "/proc/self/cwd");
  if (!cwd) return refusal->because_errno(errno, "cannot read the working folder");
  struct stat there {};
  struct stat here {};
  if (::stat(cwd->c_str(), &there) != 0 || ::stat(".", &here) != 0 || there.st_ino != here.st_ino ||
      there.st_dev != here.st_dev) {
    return refusal->because(-EBUSY, "the working folder ", std::string_view(*cwd),
                            " is deleted or out of reach; change to one that stays");
  }
  draft->header.cwd = draft->add_text(*cwd);
  return true;
}

// The signals of interval timers, ITIMER_REAL first.
constexpr int kTimerSignals[] = {SIGALRM, SIGVTALRM, SIGPROF};

void capture_interval_timers(Draft* draft) {
  for (int which = 0; which < 3; ++which) {
    itimerval timer{};
    if (::getitimer(static_cast<__itimer_which_t>(which), &timer) != 0) continue;
    std::uint64_t* out = draft->header.interval_timers[which];
    out[0] = static_cast<std::uint64_t>(timer.it_interval.tv_sec);
    out[1] = static_cast<std::uint64_t>(timer.it_interval.tv_usec);
    out[2] = static_cast<std::uint64_t>(timer.it_value.tv_sec);
    out[3] = static_cast<std::uint64_t>(timer.it_value.tv_usec);
  }
  // One that expired since signals were blocked has its signal pending, and a fast one
  // always has. It is carried as a timer about to expire. Looked at last: a timer
  // that expires just now is seen as running before or as pending here.
  sigset_t pending{};
  ::sigpending(&pending);
  for (int which = 0; which < 3; ++which) {
    if (::sigismember(&pending, kTimerSignals[which]) != 1) continue;
    draft->header.interval_timers[which][2] = 0;
    draft->header.interval_timers[which][3] = 1;
  }
}

bool refuse_children(std::pmr::memory_resource* memory, Refusal* refusal) {
  siginfo_t child{};
  const int r = ::waitid(P_ALL, 0, &child, WEXITED | WNOHANG | WNOWAIT | __WALL);
  if (r != 0 && errno == ECHILD) return true;
  // Some child exists, running or not yet waited for. Name it if /proc can.
  const auto tasks = list_numbers(memory, "/proc/self/task");
  for (std::size_t i = 0; tasks && i < tasks->size(); ++i) {
    const auto children = read_proc(
        memory,
        ProcPath("/proc/self/task/", static_cast<std::uint64_t>((*tasks)[i]), "/children").c_str());
    if (!children) continue;
    std::string_view words = *children;
    const std::string_view pid = take_word(&words);
    if (pid.empty()) continue;
    const auto status = read_proc(memory, ProcPath("/proc/", to_number(pid), "/status").c_str());
    if (!status) continue;  // ended meanwhile
    return refusal->because(-EBUSY, "child process ", own_id(*status), " (", field(*status, "Name"),
                            ") exists: wait for it before the snapshot, or start it after "
                            "the restore");
  }
  return refusal->because(-EBUSY, "child process ", static_cast<int>(child.si_pid),
                          " exists: wait for it before the snapshot, or start it after the "
                          "restore");
}

// Signals 32 and 33 are glibc's own (thread cancellation, and our parking).
constexpr std::uint64_t kInternalSignals = (std::uint64_t{1} << 31) | (std::uint64_t{1} << 32);

bool refuse_pending(std::string_view status, std::string_view key, std::string_view whose,
                    std::uint64_t carried, Refusal* refusal) {
  const std::uint64_t pending = to_number(field(status, key), 16) & ~kInternalSignals & ~carried;
  if (pending == 0) return true;
  return refusal->because(-EBUSY, "signal ", __builtin_ctzll(pending) + 1, " is pending for ",
                          whose, ": unblock and handle it before the snapshot");
}

bool refuse_pending_signals(std::pmr::memory_resource* memory, Refusal* refusal) {
  const auto tasks = list_numbers(memory, "/proc/self/task");
  if (!tasks) return refusal->because_errno(errno, "cannot read /proc/self/task");
  std::uint64_t of_timers = 0;
  for (const int signo : kTimerSignals) of_timers |= std::uint64_t{1} << (signo - 1);
  for (const int id : *tasks) {
    const auto status = read_proc(
        memory, ProcPath("/proc/self/task/", static_cast<std::uint64_t>(id), "/status").c_str());
    if (!status) continue;
    if (!refuse_pending(*status, "SigPnd", "a thread", 0, refusal)) return false;
    if (!refuse_pending(*status, "ShdPnd", "the process", of_timers, refusal)) return false;
  }
  return true;
}

}  // namespace

void note_caller_state(CallerState* state) {
  sys::kernel_sigmask(SIG_BLOCK, nullptr, &state->signal_mask);
  static_assert(sizeof(stack_t) == sizeof state->altstack);
  ::sigaltstack(nullptr, reinterpret_cast<stack_t*>(state->altstack));
  state->altstack[1] &= ~std::uint64_t{SS_ONSTACK};  // cannot be set, only be true
  for (std::uint32_t i = 0; i < image::kSignals; ++i) {
    static_assert(sizeof(sys::KernelSigaction) == sizeof(image::SignalAction));
    sys::kernel_sigaction(static_cast<int>(i) + 1, nullptr,
                          reinterpret_cast<sys::KernelSigaction*>(&state->signals[i]));
  }
}

bool refuse_uncarried_state(std::pmr::memory_resource* memory, Refusal* refusal) {
  if (!refuse_children(memory, refusal)) return false;
  if (!refuse_pending_signals(memory, refusal)) return false;
  const auto status = read_proc(memory, "/proc/self/status");
  if (!status) return refusal->because_errno(errno, "cannot read /proc/self/status");
  const std::uint64_t tracer = to_number(field(*status, "TracerPid"));
  if (tracer != 0) {
    return refusal->because(-EBUSY, "process ", tracer,
                            " traces this one (a debugger?): detach it before the snapshot");
  }
  // Missing on kernels without CONFIG_CHECKPOINT_RESTORE; every Debian kernel has it.
  if (const auto timers = read_proc(memory, "/proc/self/timers"); timers && !timers->empty()) {
    std::string_view text = *timers;
    return refusal->because(-EBUSY, "a POSIX timer exists (", take_line(&text),
                            "): delete it before the snapshot; interval timers (setitimer) and "
                            "timerfds are carried");
  }
  return true;
}

bool capture_process(std::pmr::memory_resource* memory, const CallerState& caller, Draft* draft,
                     Refusal* refusal) {
  const auto status = read_proc(memory, "/proc/self/status");
  if (!status) return refusal->because_errno(errno, "cannot read /proc/self/status");
  draft->header.pid = static_cast<std::uint32_t>(::getpid());
  draft->header.umask = current_umask(*status);
  draft->header.rseq_length = __rseq_size < 32 ? 32 : __rseq_size;
  draft->header.rseq_signature = RSEQ_SIG;
  capture_interval_timers(draft);
  draft->signals.assign(caller.signals, caller.signals + image::kSignals);
  return capture_memory_fields(memory, draft, refusal) && capture_fingerprint(draft) &&
         capture_cwd(memory, draft, refusal);
}

}  // namespace fw::capture
