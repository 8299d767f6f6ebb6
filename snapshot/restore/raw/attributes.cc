#include "snapshot/restore/raw/attributes.h"

#include <asm/fcntl.h>
#include <asm/stat.h>
#include <linux/fcntl.h>
#include <linux/prctl.h>
#include <linux/resource.h>
#include <linux/sched.h>
#include <linux/sched/types.h>

#include "snapshot/restore/raw/lines.h"
#include "snapshot/restore/raw/reset.h"
#include "snapshot/restore/raw/syscall.h"

namespace fw::raw {
namespace {

// ---- numbers that one call tells and mostly one sets back ---------------------------

struct Attribute {
  const char* name;
  long (*get)();
  long (*set)(long value);  // nullptr: cannot be set back
};

template <int kOption>
long prctl_get() {
  return call(__NR_prctl, kOption, 0, 0, 0, 0);
}
template <int kOption>
long prctl_get_by_pointer() {
  int value = 0;
  const long r = call(__NR_prctl, kOption, &value, 0, 0, 0);
  return failed(r) ? r : value;
}
template <int kOption>
long prctl_set(long value) {
  return call(__NR_prctl, kOption, value, 0, 0, 0);
}

#ifndef PR_SET_MDWE
constexpr int PR_GET_MDWE = 66;
#endif
#ifndef PR_SET_MEMORY_MERGE
constexpr int PR_SET_MEMORY_MERGE = 67;
constexpr int PR_GET_MEMORY_MERGE = 68;
#endif
constexpr long kAsItIs = 0xffffffff;  // personality(2): only tell
constexpr int kWhoProcess = 1;        // IOPRIO_WHO_PROCESS

const Attribute kAttributes[] = {
    {"dumpable", prctl_get<PR_GET_DUMPABLE>, prctl_set<PR_SET_DUMPABLE>},
    {"keep-capabilities", prctl_get<PR_GET_KEEPCAPS>, prctl_set<PR_SET_KEEPCAPS>},
    {"securebits", prctl_get<PR_GET_SECUREBITS>, prctl_set<PR_SET_SECUREBITS>},
    {"timer slack", prctl_get<PR_GET_TIMERSLACK>, prctl_set<PR_SET_TIMERSLACK>},
    {"parent death signal", prctl_get_by_pointer<PR_GET_PDEATHSIG>, prctl_set<PR_SET_PDEATHSIG>},
    // Once it was off, orphans may have gone elsewhere.
    {"child subreaper", prctl_get_by_pointer<PR_GET_CHILD_SUBREAPER>, nullptr},
    {"transparent huge pages", prctl_get<PR_GET_THP_DISABLE>, prctl_set<PR_SET_THP_DISABLE>},
    {"memory-deny-write-execute", prctl_get<PR_GET_MDWE>, nullptr},
    {"memory merging", prctl_get<PR_GET_MEMORY_MERGE>, prctl_set<PR_SET_MEMORY_MERGE>},
    {"time stamp counter", prctl_get_by_pointer<PR_GET_TSC>, prctl_set<PR_SET_TSC>},
    {"personality", [] { return call(__NR_personality, kAsItIs); },
     [](long value) { return call(__NR_personality, value); }},
    // The system call tells 20 - nice.
    {"nice", [] { return call(__NR_getpriority, 0, 0); },
     [](long value) { return call(__NR_setpriority, 0, 0, 20 - value); }},
    {"I/O priority", [] { return call(__NR_ioprio_get, kWhoProcess, 0); },
     [](long value) { return call(__NR_ioprio_set, kWhoProcess, 0, value); }},
    {"session", [] { return call(__NR_getsid, 0); }, nullptr},
    {"process group", [] { return call(__NR_getpgid, 0); },
     [](long value) { return call(__NR_setpgid, 0, value); }},
};
constexpr unsigned kAttributeCount = sizeof kAttributes / sizeof kAttributes[0];
long noted_attributes[kAttributeCount];

// ---- limits -------------------------------------------------------------------------

rlimit64 noted_limits[RLIM_NLIMITS];

// ---- scheduling -----------------------------------------------------------------------

struct Scheduling {  // sched_attr, as of its first version
  std::uint32_t size;
  std::uint32_t policy;
  std::uint64_t flags;
  std::int32_t nice;
  std::uint32_t priority;
  std::uint64_t runtime, deadline, period;
};
Scheduling noted_scheduling;
constexpr unsigned kMaskBytes = 1024;
std::uint64_t noted_cpus[kMaskBytes / 8];
long noted_cpu_bytes = 0;

Scheduling scheduling() {
  Scheduling s{};
  call(__NR_sched_getattr, 0, &s, sizeof s, 0);
  return s;
}

void restore_scheduling() {
  const Scheduling is = scheduling();
  const Scheduling& was = noted_scheduling;
  if (is.policy != was.policy || is.flags != was.flags || is.priority != was.priority ||
      is.runtime != was.runtime || is.deadline != was.deadline || is.period != was.period) {
    const long r = call(__NR_sched_setattr, 0, &was, 0);
    if (failed(r)) cannot_reset_errno("the scheduling policy cannot be set back", r);
  }
  std::uint64_t cpus[kMaskBytes / 8];
  const long bytes = call(__NR_sched_getaffinity, 0, sizeof cpus, &cpus[0]);
  bool same = bytes == noted_cpu_bytes;
  for (long i = 0; same && i < bytes / 8; ++i) same = cpus[i] == noted_cpus[i];
  if (same) return;
  const long r = call(__NR_sched_setaffinity, 0, noted_cpu_bytes, &noted_cpus[0]);
  if (failed(r)) cannot_reset_errno("the CPUs to run on cannot be set back", r);
}

// ---- what only /proc/self/status tells, and nothing sets back ---------------------------

const char* const kStatusLines[] = {"Uid:",
                                    "Gid:",
                                    "Groups:",
                                    "CapInh:",
                                    "CapPrm:",
                                    "CapEff:",
                                    "CapBnd:",
                                    "CapAmb:",
                                    "NoNewPrivs:",
                                    "Seccomp:",
                                    "Seccomp_filters:",
                                    "Speculation_Store_Bypass:",
                                    "SpeculationIndirectBranch:",
                                    "Mems_allowed:"};
constexpr unsigned kStatusCount = sizeof kStatusLines / sizeof kStatusLines[0];
std::uint64_t noted_status[kStatusCount];

void read_status(std::uint64_t (&sums)[kStatusCount]) {
  const long fd = open_proc("status");
  if (failed(fd)) cannot_reset_errno("/proc/self/status cannot be opened", fd);
  Lines lines(static_cast<int>(fd));
  for (std::uint64_t& sum : sums) sum = 0;
  while (const char* line = lines.next()) {
    for (unsigned i = 0; i < kStatusCount; ++i) {
      const char* value = line;
      if (!take_text(&value, kStatusLines[i])) continue;
      std::uint64_t sum = 0xcbf29ce484222325;  // FNV-1a
      for (; *value != '\0'; ++value) {
        sum = (sum ^ static_cast<unsigned char>(*value)) * 0x100000001b3;
      }
      sums[i] = sum;
      break;
    }
  }
  call(__NR_close, fd);
}

void compare_status() {
  std::uint64_t sums[kStatusCount];
  read_status(sums);
  for (unsigned i = 0; i < kStatusCount; ++i) {
    if (sums[i] == noted_status[i]) continue;
    cannot_reset("the program changed what cannot be set back,", kStatusLines[i],
                 "see proc_pid_status(5)");
  }
}

// ---- folders and namespaces -------------------------------------------------------------

struct Place {
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  bool operator==(const Place&) const = default;
};
Place place_of(const char* path) {
  struct stat status;
  if (failed(call(__NR_stat, path, &status))) return {};
  return {status.st_dev, status.st_ino};
}
Place noted_root;
Place noted_folder;

const char* const kNamespaces[] = {
    "ns/mnt", "ns/net", "ns/ipc", "ns/uts", "ns/user", "ns/cgroup", "ns/pid_for_children"};
constexpr unsigned kNamespaceCount = sizeof kNamespaces / sizeof kNamespaces[0];
constexpr unsigned kInheritedNamespaces = kNamespaceCount - 1;  // forks may get one of pids
Place noted_namespaces[kNamespaceCount];

Place namespace_of(const char* name) {
  struct stat status;
  if (failed(call(__NR_newfstatat, reset_state.self_fd, name, &status, 0))) return {};
  return {status.st_dev, status.st_ino};
}

// ---- descriptors that were handed over ----------------------------------------------------

struct Handed {
  int fd = -1;
  int reference = -1;  // of the same open file, where nothing else could tell it apart
  bool open = false;
  std::uint64_t device = 0, inode = 0, rdev = 0;
  std::uint32_t mode = 0;
  long status_flags = 0;
  long fd_flags = 0;
};
constexpr unsigned kMaxHanded = 3 + kMaxOrderFds;
Handed handed[kMaxHanded];
unsigned handed_count = 0;

Handed look_at(int fd) {
  Handed h;
  h.fd = fd;
  struct stat status;
  h.open = !failed(call(__NR_fstat, fd, &status));
  if (!h.open) return h;
  h.device = status.st_dev;
  h.inode = status.st_ino;
  h.rdev = status.st_rdev;
  h.mode = status.st_mode & 0170000;
  h.status_flags = call(__NR_fcntl, fd, F_GETFL);
  h.fd_flags = call(__NR_fcntl, fd, F_GETFD);
  return h;
}

void note_handed(int fd) {
  Handed h = look_at(fd);
  // Anonymous inodes, of eventfds say, are all one.
  if (h.open && h.mode == 0) {
    const long r = call(__NR_fcntl, fd, F_DUPFD_CLOEXEC, reset_state.first_fd);
    h.reference = failed(r) ? -1 : static_cast<int>(r);
  }
  handed[handed_count++] = h;
}

[[noreturn]] void lost(int fd) {
  char number[24];
  append_decimal(number, static_cast<std::uint64_t>(fd));
  cannot_reset("a descriptor handed over at the restore was closed or replaced,", number);
}

void restore_handed(const Handed& was) {
  if (was.reference >= 0) {
    const Handed reference = look_at(was.reference);
    if (!reference.open || reference.mode != 0 || reference.inode != was.inode) lost(was.fd);
    const long r = call(__NR_dup3, was.reference, was.fd, 0);
    if (failed(r)) cannot_reset_errno("a descriptor cannot be put back", r);
  }
  const Handed is = look_at(was.fd);
  if (!was.open) {
    if (is.open) call(__NR_close, was.fd);
    return;
  }
  if (!is.open || is.device != was.device || is.inode != was.inode || is.rdev != was.rdev ||
      is.mode != was.mode || (is.status_flags & O_ACCMODE) != (was.status_flags & O_ACCMODE)) {
    lost(was.fd);
  }
  if (is.status_flags != was.status_flags) {
    call(__NR_fcntl, was.fd, F_SETFL, was.status_flags);
  }
  if (is.fd_flags != was.fd_flags) call(__NR_fcntl, was.fd, F_SETFD, was.fd_flags);
}

}  // namespace

namespace {

bool inherited_is_noted = false;

void note_inherited() {
  noted_root = place_of("/");
  noted_folder = place_of(".");
  read_status(noted_status);
  for (unsigned i = 0; i < kInheritedNamespaces; ++i) {
    noted_namespaces[i] = namespace_of(kNamespaces[i]);
  }
  inherited_is_noted = true;
}

}  // namespace

void note_attributes_for_forks() {
  // Where /proc is not to be had, it is for the forks that need it to say so.
  constexpr int kReadable = 4;
  if (failed(call(__NR_access, "/proc/self/status", kReadable))) return;
  open_self();
  note_inherited();
  call(__NR_close, reset_state.self_fd);
  reset_state.self_fd = -1;
}

void note_attributes() {
  open_self();
  if (!inherited_is_noted) note_inherited();
  for (unsigned i = 0; i < kAttributeCount; ++i) noted_attributes[i] = kAttributes[i].get();
  for (unsigned i = 0; i < RLIM_NLIMITS; ++i) {
    call(__NR_prlimit64, 0, i, nullptr, &noted_limits[i]);
  }
  noted_scheduling = scheduling();
  noted_cpu_bytes = call(__NR_sched_getaffinity, 0, sizeof noted_cpus, &noted_cpus[0]);
  for (unsigned i = kInheritedNamespaces; i < kNamespaceCount; ++i) {
    noted_namespaces[i] = namespace_of(kNamespaces[i]);
  }
}

void restore_limits() {
  if (place_of("/") != noted_root) cannot_reset("the root folder was changed");
  for (unsigned i = 0; i < RLIM_NLIMITS; ++i) {
    rlimit64 is{};
    call(__NR_prlimit64, 0, i, nullptr, &is);
    const rlimit64& was = noted_limits[i];
    if (is.rlim_cur == was.rlim_cur && is.rlim_max == was.rlim_max) continue;
    const long r = call(__NR_prlimit64, 0, i, &was, nullptr);
    if (failed(r)) cannot_reset_errno("a resource limit cannot be set back", r);
  }
}

void restore_attributes() {
  for (unsigned i = 0; i < kAttributeCount; ++i) {
    const Attribute& a = kAttributes[i];
    if (a.get() == noted_attributes[i]) continue;
    if (a.set == nullptr || failed(a.set(noted_attributes[i])) || a.get() != noted_attributes[i]) {
      cannot_reset("the program changed what cannot be set back,", a.name);
    }
  }
  restore_scheduling();
  compare_status();
  if (place_of(".") != noted_folder) cannot_reset("the working folder is not the one it was");
  for (unsigned i = 0; i < kNamespaceCount; ++i) {
    if (namespace_of(kNamespaces[i]) != noted_namespaces[i]) {
      cannot_reset("the program changed what cannot be set back,", kNamespaces[i]);
    }
  }
}

void note_handed_descriptors() {
  for (int fd = 0; fd < 3; ++fd) note_handed(fd);
  const Orders& orders = reset_state.orders;
  for (unsigned i = 0; i < orders.fd_count; ++i) {
    if (orders.fds[i].target > 2) note_handed(orders.fds[i].target);
  }
}

void restore_handed_descriptors() {
  for (unsigned i = 0; i < handed_count; ++i) restore_handed(handed[i]);
}

unsigned handed_references(int* fds) {
  unsigned count = 0;
  for (unsigned i = 0; i < handed_count; ++i) {
    if (handed[i].reference >= 0) fds[count++] = handed[i].reference;
  }
  return count;
}

}  // namespace fw::raw
