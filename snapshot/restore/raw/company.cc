#include "snapshot/restore/raw/company.h"

#include <asm/signal.h>
#include <linux/fcntl.h>
#include <linux/prctl.h>
#include <linux/sched.h>
#include <linux/time_types.h>
#include <linux/wait.h>

#include "snapshot/restore/raw/lines.h"
#include "snapshot/restore/raw/reset.h"
#include "snapshot/restore/raw/steps.h"
#include "snapshot/restore/raw/syscall.h"

// What a thread does that is in the way: exit(0), of itself alone. It returns to
// nothing, so the kernel's clean-up (its tid word, robust locks) is all that it leaves,
// and that is memory, which is restored afterwards.
asm(R"(
.text
.type fw_raw_end_thread, @function
fw_raw_end_thread:
  mov $60, %eax
  xor %edi, %edi
  syscall
  hlt
.size fw_raw_end_thread, .-fw_raw_end_thread
)");
extern "C" [[gnu::visibility("hidden")]] void fw_raw_end_thread();

namespace fw::raw {
namespace {

constexpr int kEndSignal = 33;  // glibc lets no program block it
constexpr std::uint64_t kPatienceNs = 1'000'000'000;
constexpr long kNoChild = -10;  // ECHILD

void nap() {
  const __kernel_timespec a_moment{0, 50'000};
  call(__NR_nanosleep, &a_moment, nullptr);
}

// The thread's number as this process knows it: /proc may be an outer namespace's.
std::int32_t own_tid(long folder, const char* name) {
  char path[48];
  char* end = append_text(path, name);
  append_text(end, "/status");
  const long fd = call(__NR_openat, folder, static_cast<const char*>(path), O_RDONLY | O_CLOEXEC);
  if (failed(fd)) return 0;  // it has ended
  Lines status(static_cast<int>(fd));
  std::int32_t tid = 0;
  while (const char* line = status.next()) {
    const char* rest = line;
    if (!take_text(&rest, "NSpid:")) continue;
    while (*rest != '\0') {
      ++rest;  // a tab
      tid = static_cast<std::int32_t>(take_decimal(&rest));
    }
    break;
  }
  call(__NR_close, fd);
  return tid;
}

struct Entry {  // linux_dirent64
  std::uint64_t inode;
  std::int64_t offset;
  unsigned short length;
  unsigned char type;
  char name[];
};

template <typename F>
void each_task(F&& f) {
  const long folder = open_proc("task");
  if (failed(folder)) cannot_reset_errno("/proc/self/task cannot be read", folder);
  alignas(8) static char entries[8192];
  for (;;) {
    const long n = call(__NR_getdents64, folder, static_cast<char*>(entries), sizeof entries);
    if (n <= 0) break;
    for (long at = 0; at < n;) {
      const auto* entry = reinterpret_cast<const Entry*>(entries + at);
      if (entry->name[0] >= '0' && entry->name[0] <= '9') {
        f(folder, static_cast<const char*>(entry->name));
      }
      at += entry->length;
    }
  }
  call(__NR_close, folder);
}

void end_threads() {
  const image::SignalAction action{reinterpret_cast<std::uint64_t>(&fw_raw_end_thread), SA_RESTORER,
                                   reinterpret_cast<std::uint64_t>(&fw_raw_end_thread),
                                   ~std::uint64_t{0}};
  call(__NR_rt_sigaction, kEndSignal, &action, nullptr, 8);
  const long pid = call(__NR_getpid);
  each_task([pid](long folder, const char* name) {
    const std::int32_t tid = own_tid(folder, name);
    if (tid != 0 && tid != reset_state.leader_tid) call(__NR_tgkill, pid, tid, kEndSignal);
  });
}

void kill_children() {
  if (reset_state.pid_one) {
    call(__NR_kill, -1, SIGKILL);
    return;
  }
  // As their pids are ours to reap, none of them can be somebody else's by now.
  each_task([](long folder, const char* name) {
    char path[48];
    char* end = append_text(path, name);
    append_text(end, "/children");
    const long fd = call(__NR_openat, folder, static_cast<const char*>(path), O_RDONLY | O_CLOEXEC);
    if (failed(fd)) return;
    char pids[4096];
    const long n = call(__NR_read, fd, static_cast<char*>(pids), sizeof pids - 1);
    call(__NR_close, fd);
    if (n <= 0) return;
    pids[n] = '\0';
    for (const char* rest = pids; *rest != '\0';) {
      const std::uint64_t pid = take_decimal(&rest);
      const bool whole = *rest == ' ';  // else the text was cut; the next look shows it
      if (whole && pid != 0) call(__NR_kill, pid, SIGKILL);
      if (*rest != '\0') ++rest;
    }
  });
}

// True when there is no child any more.
bool reap() {
  for (;;) {
    const long r = call(__NR_wait4, -1, nullptr, WNOHANG | __WALL, nullptr);
    if (r == kNoChild) return true;
    if (r <= 0) return false;
  }
}

}  // namespace

bool is_alone() { return call(__NR_unshare, CLONE_VM) == 0; }

void end_company() {
  if (reset_state.pid_one) call(__NR_kill, -1, SIGKILL);
  if (is_alone() && reap()) return;
  const std::uint64_t give_up = now() + kPatienceNs;
  for (;;) {
    // Threads first: they can make children, but these no threads of ours. Both are
    // looked for again and again, as each may have made others meanwhile.
    if (!is_alone()) end_threads();
    if (!reap()) kill_children();
    if (is_alone() && reap() && is_alone()) return;
    if (now() > give_up) {
      cannot_reset(reap() ? "a thread does not end" : "a child process does not end", nullptr,
                   "it hangs in the kernel or blocks signal 33");
    }
    nap();
  }
}

void adopt_orphans() {
  if (reset_state.pid_one) return;  // they are adopted by pid 1
  call(__NR_prctl, PR_SET_CHILD_SUBREAPER, 1);
}

}  // namespace fw::raw
