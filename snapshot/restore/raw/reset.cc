// A reset, in three forms.
//
// What makes up a process, as far as its program can see it: memory and its layout;
// registers; other threads; children; descriptors; signal actions, masks and pending
// signals; timers; folders and umask; limits, credentials, priorities, namespaces.
//
// Full: each of these is looked at and set back, in an order in which nothing that runs
// can undo it: first everybody else is ended (company.h), then what could fire (timers)
// or be in the way (limits) is removed, then mappings are repaired (layout.h), pages
// brought back (pages.h), descriptors rebuilt as a restore builds them, and the rest
// compared (attributes.h). What cannot be set back ends the process.
//
// Scan: when the program made no system call that matters (watch.h), only memory can have
// changed, and not its layout: changed pages are searched for and copied back.
//
// Fast: when moreover the thread had no page fault since the last reset, the changed
// pages are among those copied then (pages.h).
//
// All three end as a restore does: fw_snapshot_here() returns 1. What follows that before
// the program's code runs again, on-restore hooks, say, is the program's own.
#include "snapshot/restore/raw/reset.h"

#include <asm/prctl.h>
#include <asm/signal.h>
#include <asm/stat.h>
#include <linux/fcntl.h>
#include <linux/futex.h>
#include <linux/prctl.h>
#include <linux/resource.h>
#include <linux/time.h>
#include <linux/time_types.h>

#include "snapshot/restore/raw/attributes.h"
#include "snapshot/restore/raw/company.h"
#include "snapshot/restore/raw/layout.h"
#include "snapshot/restore/raw/lines.h"
#include "snapshot/restore/raw/pages.h"
#include "snapshot/restore/raw/print.h"
#include "snapshot/restore/raw/steps.h"
#include "snapshot/restore/raw/syscall.h"
#include "snapshot/restore/raw/watch.h"
#include "snapshot/snapshot.h"

asm(R"(
.text
.type fw_raw_on_reset_stack, @function
fw_raw_on_reset_stack:    # rdi: a function that does not return
  lea fw_raw_reset_stack_top(%rip), %rsp
  and $-16, %rsp
  xor %ebp, %ebp
  cld
  call *%rdi
  hlt
.size fw_raw_on_reset_stack, .-fw_raw_on_reset_stack
.bss
.align 4096
  .skip 65536
fw_raw_reset_stack_top:
  .skip 64
.text
)");

extern "C" [[noreturn]] void fw_raw_on_reset_stack(void (*function)());
extern "C" [[noreturn]] void fw_raw_resume_call(const fw::image::CallContext* context);
extern "C" [[noreturn]] void fw_raw_reset();
extern "C" void fw_raw_reset_by_signal();

namespace fw::raw {

constinit ResetState reset_state = {};

namespace {

constexpr int kHandOverSignal = 33;
constexpr std::uint64_t kPatienceNs = 1'000'000'000;
// For tests, beside fw_restore_flags: stops the process after each reset, before any of
// its own code runs, so that it can be looked at from outside.
constexpr std::uint32_t kStopAfterResets = 0x80000000;

long faults_so_far = -1;
std::uint32_t taken = 0;  // futex: the leader is on its way
bool has_fsgsbase = false;

bool is_resettable(const Orders& orders) { return (orders.flags & FW_RESTORE_RESETTABLE) != 0; }

long faults() {
  rusage usage{};
  constexpr int kThisThread = 1;  // RUSAGE_THREAD
  call(__NR_getrusage, kThisThread, &usage);
  return usage.ru_minflt + usage.ru_majflt;
}

const image::Thread& thread(std::uint32_t index) {
  return image::records<image::Thread>(reset_state.plan, reset_state.plan->threads)[index];
}
const image::Thread& leader() { return thread(reset_state.plan->leader); }

int high(int fd, const char* what) {
  const long r = call(__NR_fcntl, fd, F_DUPFD_CLOEXEC, reset_state.first_fd);
  if (failed(r)) refuse_errno("cannot keep for resets", what, r);
  return static_cast<int>(r);
}

bool is_same_file(int fd, std::uint64_t device, std::uint64_t inode) {
  struct stat status;
  return !failed(call(__NR_fstat, fd, &status)) && status.st_dev == device &&
         status.st_ino == inode;
}

std::uint64_t self_device = 0;
std::uint64_t self_inode = 0;

// The program may have closed what resets need, or opened something else at its number.
void check_own_descriptors() {
  if (!is_same_file(reset_state.image_fd, reset_state.image_device, reset_state.image_inode)) {
    cannot_reset("the program closed the descriptor of the image");
  }
  if (!is_same_file(reset_state.self_fd, self_device, self_inode)) {
    cannot_reset("the program closed the descriptor of /proc/self");
  }
  if (reset_state.pagemap_fd >= 0) call(__NR_close, reset_state.pagemap_fd);
  reset_state.pagemap_fd = -1;
}

// ---- parts of a full reset ------------------------------------------------------------

void delete_timers() {
  const std::uint64_t off[4] = {};
  for (int which = 0; which < 3; ++which) {
    call(__NR_setitimer, which, static_cast<const std::uint64_t*>(off), nullptr);
  }
  const long fd = open_proc("timers");
  if (failed(fd)) cannot_reset_errno("/proc/self/timers cannot be opened", fd);
  Lines lines(static_cast<int>(fd));
  while (const char* line = lines.next()) {
    if (take_text(&line, "ID: ")) call(__NR_timer_delete, take_decimal(&line));
  }
  call(__NR_close, fd);
}

// A signal that is ignored is forgotten where it is pending.
void forget_pending_signals() {
  std::uint64_t pending = 0;
  call(__NR_rt_sigpending, &pending, 8);
  for (int signo = 1; signo <= 64; ++signo) {
    if ((pending >> (signo - 1) & 1) == 0) continue;
    const image::SignalAction ignore{1 /* SIG_IGN */, SA_RESTORER, 0, 0};
    call(__NR_rt_sigaction, signo, &ignore, nullptr, 8);
  }
}

void restore_all_descriptors() {
  restore_handed_descriptors();
  Orders orders = reset_state.orders;
  const long r = call(__NR_fcntl, reset_state.image_fd, F_DUPFD_CLOEXEC, orders.scratch_fd);
  if (failed(r)) cannot_reset_errno("the image's descriptor cannot be duplicated", r);
  orders.image_fd = static_cast<int>(r);
  restore_descriptors(reset_state.plan, orders);  // closes this one
}

void restore_registers_of_thread() {
  const std::uint64_t no_stack[3] = {0, 2 /* SS_DISABLE */, 0};
  call(__NR_sigaltstack, static_cast<const std::uint64_t*>(no_stack), nullptr);
  call(__NR_arch_prctl, ARCH_SET_FS, leader().fs_base);
  call(__NR_arch_prctl, ARCH_SET_GS, leader().gs_base);
  call(__NR_set_tid_address, leader().tid_address);
}

void check_if_ordered() {
  const std::uint32_t flags = reset_state.orders.flags;
  if ((flags & FW_RESTORE_CHECK_RESETS) != 0) {
    check_layout();
    check_pages();
  }
  if ((flags & kStopAfterResets) != 0) {
    call(__NR_tgkill, call(__NR_getpid), call(__NR_gettid), SIGSTOP);
  }
}

void came_back(fw_snapshot_how how, std::uint32_t pages) {
  resident.boot = how;
  resident.reset_pages = pages;
  resident.replaced = 0;
  go_on_watching();
}

void reset_x87() { asm volatile("fninit"); }

// ---- the forms ------------------------------------------------------------------------

[[noreturn]] void reset_fully() {
  const image::Plan* plan = reset_state.plan;
  image::RestoreTimes& times = resident.times;
  const bool was_watched = resident.watched != 0;
  resident.gate = plan->threads.count > 1 ? 0 : 1;
  end_company();
  restore_limits();
  check_own_descriptors();
  delete_timers();
  times.checked = now();

  restore_layout();
  set_memory_fields(plan);
  touch_kernel_words(reset_state.leader_tid);
  const std::uint32_t pages = restore_changed_pages();
  times.mapped = now();

  restore_all_descriptors();
  forget_pending_signals();
  restore_inherited(plan);
  restore_attributes();
  restore_registers_of_thread();
  times.descriptors = now();

  check_if_ordered();
  came_back(FW_WOKEN_BY_RESET_FULL, pages);
  __atomic_store_n(&taken, 0, __ATOMIC_RELEASE);
  start_interval_timers(plan);
  start_threads(plan, reset_state.orders.pid_namespace);
  times.threads = now();
  if (was_watched) {
    start_watch();
  } else {
    offer_watch();
  }
  reset_x87();
  faults_so_far = faults();
  become_thread(plan, &leader());
}

[[noreturn]] void reset_memory() {
  const image::Plan* plan = reset_state.plan;
  touch_kernel_words(reset_state.leader_tid);
  const bool fast = pages_are_known() && faults() == faults_so_far;
  const std::uint32_t pages = fast ? restore_known_pages() : restore_changed_pages();
  check_if_ordered();
  came_back(fast ? FW_WOKEN_BY_RESET_FAST : FW_WOKEN_BY_RESET_SCAN, pages);
  // What only system calls change needs no setting back; these are instructions.
  if (has_fsgsbase) {
    asm volatile("wrfsbase %0\n wrgsbase %1" : : "r"(leader().fs_base), "r"(leader().gs_base));
  } else {
    call(__NR_arch_prctl, ARCH_SET_FS, leader().fs_base);
    call(__NR_arch_prctl, ARCH_SET_GS, leader().gs_base);
  }
  reset_x87();
  image::RestoreTimes& times = resident.times;
  times.checked = times.started;
  times.mapped = times.descriptors = times.threads = now();
  if (!fast) faults_so_far = faults();
  constexpr int kSetMask = 2;  // SIG_SETMASK
  call(__NR_rt_sigprocmask, kSetMask, &leader().signal_mask, nullptr, 8);
  fw_raw_resume_call(&plan->context);
}

// Another thread asked: the one that a reset must end with is the leader.
[[noreturn]] void hand_over() {
  const image::SignalAction action{
      reinterpret_cast<std::uint64_t>(&fw_raw_reset_by_signal), SA_RESTORER,
      reinterpret_cast<std::uint64_t>(&fw_raw_reset_by_signal), ~std::uint64_t{0}};
  call(__NR_rt_sigaction, kHandOverSignal, &action, nullptr, 8);
  const long pid = call(__NR_getpid);
  call(__NR_tgkill, pid, reset_state.leader_tid, kHandOverSignal);
  const std::uint64_t give_up = now() + kPatienceNs;
  while (__atomic_load_n(&taken, __ATOMIC_ACQUIRE) == 0) {
    if (now() > give_up) {
      cannot_reset("the main thread has ended or blocks signal 33, and cannot reset");
    }
    const __kernel_timespec a_moment{0, 1'000'000};
    call(__NR_futex, &taken, FUTEX_WAIT_PRIVATE, 0, &a_moment);
  }
  for (;;) call(__NR_exit, 0);
}

void note_cpu(const image::Plan* plan) {
  constexpr std::uint64_t kMoreCapabilities = 26;  // AT_HWCAP2
  const auto* auxv = reinterpret_cast<const std::uint64_t*>(image::text(plan, plan->auxv));
  for (std::uint32_t i = 0; i + 16 <= plan->auxv.length; i += 16, auxv += 2) {
    if (auxv[0] == kMoreCapabilities) has_fsgsbase = (auxv[1] & 2) != 0;
  }
}

}  // namespace

void open_self() {
  if (reset_state.self_fd >= 0) return;
  const long low = call(__NR_open, "/proc/self", O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (failed(low)) cannot_reset_errno("/proc/self cannot be opened", low);
  reset_state.self_fd = high(static_cast<int>(low), "/proc/self");
  call(__NR_close, low);
  struct stat status;
  call(__NR_fstat, reset_state.self_fd, &status);
  self_device = status.st_dev;
  self_inode = status.st_ino;
}

long open_proc(const char* name) {
  open_self();
  const long low = call(__NR_openat, reset_state.self_fd, name, O_RDONLY | O_CLOEXEC);
  if (failed(low) || low >= reset_state.first_fd) return low;
  const long fd = call(__NR_fcntl, low, F_DUPFD_CLOEXEC, reset_state.first_fd);
  call(__NR_close, low);
  return fd;
}

void cannot_reset(const char* what, const char* subject, const char* reason) {
  refuse(what, subject, reason);
}
void cannot_reset_errno(const char* what, long result) { refuse_errno(what, nullptr, result); }
void cannot_reset_at(const char* what, std::uint64_t address) { refuse_at(what, address); }

unsigned reset_fds(int* fds) {
  unsigned count = handed_references(fds);
  const int own[] = {reset_state.image_fd, reset_state.self_fd, reset_state.pagemap_fd};
  for (const int fd : own) {
    if (fd >= 0) fds[count++] = fd;
  }
  return count;
}

void prepare_resets(const image::Plan* plan, const Orders& orders) {
  if (!is_resettable(orders)) return;
  reset_state.plan = plan;
  constexpr int kHigh = 200;  // where programs have none
  reset_state.first_fd = orders.scratch_fd > kHigh ? orders.scratch_fd : kHigh;
  reset_state.image_fd = high(orders.image_fd, "the image");
  struct stat status;
  call(__NR_fstat, reset_state.image_fd, &status);
  reset_state.image_device = status.st_dev;
  reset_state.image_inode = status.st_ino;
  map_alias(plan);
}

void allow_resets(const image::Plan* plan, const Orders& orders) {
  if (!is_resettable(orders)) return;
  reset_state.orders = orders;
  reset_state.orders.image_fd = reset_state.image_fd;
  for (unsigned i = 0; i < orders.fd_count; ++i) {
    reset_state.orders.fds[i].source = orders.fds[i].target;
  }
  reset_state.leader_tid = static_cast<std::int32_t>(call(__NR_gettid));
  reset_state.pid_one = orders.pid_namespace;
  if (!sources_are_noted(plan)) return;
  note_cpu(plan);
  call(__NR_prctl, PR_SET_THP_DISABLE, 1, 0, 0, 0);
  adopt_orphans();
  note_handed_descriptors();
  note_attributes();
  offer_watch();
  resident.reset_entry = reinterpret_cast<std::uint64_t>(&fw_raw_reset);
}

}  // namespace fw::raw

// On the stack of whoever called, which may be any thread at any point.
void fw_raw_reset() {
  using namespace fw::raw;
  resident.watch = 0;
  refuse_resets_from_now();
  const std::uint64_t all = ~std::uint64_t{0};
  call(__NR_rt_sigprocmask, 0 /* SIG_BLOCK */, &all, nullptr, 8);
  if (only_memory_changed() && is_alone()) {
    resident.times.started = now();
    fw_raw_on_reset_stack(reset_memory);
  }
  if (call(__NR_gettid) != reset_state.leader_tid) hand_over();
  resident.times.started = now();
  __atomic_store_n(&taken, 1, __ATOMIC_RELEASE);
  fw_raw_on_reset_stack(reset_fully);
}

void fw_raw_reset_by_signal() { fw_raw_reset(); }
