#include "snapshot/capture/park.h"

#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/rseq.h>
#include <ucontext.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstring>

#include "base/clock.h"
#include "base/syscalls.h"
#include "snapshot/capture/proc.h"
#include "snapshot/capture/system_call.h"

asm(R"(
.text
.type fw_capture_sigreturn, @function
fw_capture_sigreturn:
  mov $15, %eax
  syscall
.size fw_capture_sigreturn, .-fw_capture_sigreturn
)");
extern "C" void fw_capture_sigreturn();

namespace fw::capture {
namespace {

constexpr int kParkSignal = 33;  // glibc's SIGSETXID
constexpr std::uint64_t kRestorerFlag = 0x04000000;
constexpr std::size_t kMaxThreads = 16384;
std::uint64_t g_patience_ns = 10 * kNsPerSecond;

// Shared with the handlers. In .bss, so part of the image: see below.
std::atomic<image::Thread*> g_records{nullptr};  // kMaxThreads, in the arena
std::atomic<std::uint32_t> g_entered{0};
std::atomic<std::uint32_t> g_turned_away{0};  // of those, came when it was over
std::atomic<std::uint32_t> g_parked{0};       // futex: the stopping thread waits here
// Futex: the stopped threads wait here until it is not what it was when they came.
// A count, not a flag, so that the next capture cannot catch a thread that has not
// yet left the handler of the last one.
std::atomic<std::uint32_t> g_captures{0};
sys::KernelSigaction g_former_action{};

void park_handler(int, siginfo_t*, void* context) {
  const int saved_errno = errno;
  const std::uint32_t capture = g_captures.load();
  const std::uint32_t index = g_entered.fetch_add(1);
  image::Thread* const records = g_records.load();
  if (index < kMaxThreads && records != nullptr) {
    image::Thread& thread = records[index];
    describe_this_thread(&thread);
    thread.signal_frame = reinterpret_cast<std::uint64_t>(context);
    g_parked.fetch_add(1);
    sys::futex_wake(&g_parked, 1);
    while (g_captures.load() == capture) sys::futex_wait(&g_captures, capture, 0);
  } else {
    g_turned_away.fetch_add(1);
  }
  errno = saved_errno;
}

// A thread of this process as /proc shows it.
struct Task {
  std::uint32_t tid = 0;  // in our own PID namespace: /proc may be another's
  // The system call it was blocked in before it was disturbed; -1: it was running.
  long blocked_in = -1;
  std::uint64_t blocked_at = 0;
};

bool known(const std::pmr::vector<Task>& tasks, std::uint32_t tid) {
  return std::any_of(tasks.begin(), tasks.end(), [tid](const Task& t) { return t.tid == tid; });
}

bool is_parked(std::uint32_t tid) {
  const std::uint32_t parked = std::min<std::uint32_t>(g_parked.load(), kMaxThreads);
  return std::any_of(g_records.load(), g_records.load() + parked,
                     [tid](const image::Thread& t) { return t.tid == tid; });
}

// The program handled no signal, so it must not notice that one came. /proc told
// where the thread was blocked, unless it was running then and blocked only before
// the signal reached it: then the code tells. Neither knows what the function
// syscall() was called for; its callers must live with EINTR.
void begin_system_call_again(const image::Thread& thread, const Task& task) {
  auto* context = reinterpret_cast<ucontext_t*>(thread.signal_frame);
  greg_t* registers = context->uc_mcontext.gregs;
  if (registers[REG_RAX] != -EINTR) return;
  const auto address = static_cast<std::uint64_t>(registers[REG_RIP]);
  const long number =
      address == task.blocked_at ? task.blocked_in : restartable_call_before(address);
  if (!is_restartable(number)) return;
  constexpr greg_t kSyscallLength = 2;
  registers[REG_RAX] = number;
  registers[REG_RIP] -= kSyscallLength;
}

// Looks for threads not signalled yet. Those that end meanwhile are no loss.
bool signal_new_tasks(std::pmr::memory_resource* memory, std::pmr::vector<Task>* tasks,
                      std::uint32_t self, Refusal* refusal) {
  const auto listed = list_numbers(memory, "/proc/self/task");
  if (!listed) return refusal->because_errno(errno, "cannot read /proc/self/task");
  for (const int id : *listed) {
    const auto number = static_cast<std::uint64_t>(id);
    const auto status = read_proc(memory, ProcPath("/proc/self/task/", number, "/status").c_str());
    if (!status) continue;
    Task task;
    task.tid = own_id(*status);
    const std::string_view state = field(*status, "State");
    if (state.starts_with('Z') || state.starts_with('X')) {
      // Others just vanish; the main thread stays as a zombie until all have ended.
      if (task.tid != static_cast<std::uint32_t>(::getpid())) continue;
      return refusal->because(-EBUSY, "the main thread has ended: it must live until the snapshot");
    }
    if (task.tid == 0 || task.tid == self || known(*tasks, task.tid)) continue;
    if (tasks->size() == kMaxThreads) {
      return refusal->because(-EBUSY, "the process has more than ", kMaxThreads, " threads");
    }
    // "running", or "NUMBER arguments... stack-pointer program-counter"
    if (const auto blocked =
            read_proc(memory, ProcPath("/proc/self/task/", number, "/syscall").c_str())) {
      std::string_view words = *blocked;
      std::string_view word = take_word(&words);
      if (!word.empty() && word.front() >= '0' && word.front() <= '9') {
        task.blocked_in = static_cast<long>(to_number(word));
        words = words.substr(0, words.find_last_not_of('\n') + 1);
        const std::size_t last = words.rfind("0x");
        if (last != std::string_view::npos) task.blocked_at = to_number(words.substr(last + 2), 16);
      }
    }
    tasks->push_back(task);
    ::tgkill(::getpid(), static_cast<pid_t>(task.tid), kParkSignal);
  }
  return true;
}

bool gone(std::uint32_t tid) {
  return ::tgkill(::getpid(), static_cast<pid_t>(tid), 0) != 0 && errno == ESRCH;
}

}  // namespace

void describe_this_thread(image::Thread* thread) {
  *thread = {};
  thread->tid = static_cast<std::uint32_t>(sys::gettid());
  thread->fs_base = sys::fs_base();
  thread->gs_base = sys::gs_base();
  thread->tid_address = sys::tid_address();
  thread->robust_list = sys::robust_list();
  if (__rseq_size != 0) {
    thread->rseq_area = thread->fs_base + static_cast<std::uint64_t>(__rseq_offset);
  }
  ::prctl(PR_GET_NAME, thread->name);
}

void set_parking_patience(std::uint64_t ns) { g_patience_ns = ns; }

bool ParkedThreads::stop_all(Refusal* refusal) {
  // One batch for all: records are touched only as threads arrive.
  g_records = static_cast<image::Thread*>(
      memory_->allocate(kMaxThreads * sizeof(image::Thread), alignof(image::Thread)));
  g_entered = 0;
  g_turned_away = 0;
  g_parked = 0;
  const sys::KernelSigaction park{
      reinterpret_cast<std::uint64_t>(&park_handler), SA_SIGINFO | SA_RESTART | kRestorerFlag,
      reinterpret_cast<std::uint64_t>(&fw_capture_sigreturn), ~std::uint64_t{0}};
  if (sys::kernel_sigaction(kParkSignal, &park, &g_former_action) != 0) {
    return refusal->because_errno(errno, "cannot install the parking signal");
  }
  stopped_ = true;

  const auto self = static_cast<std::uint32_t>(sys::gettid());
  std::pmr::vector<Task> tasks(memory_);
  const std::uint64_t give_up = monotonic_ns() + g_patience_ns;
  for (;;) {
    const std::size_t before = tasks.size();
    if (!signal_new_tasks(memory_, &tasks, self, refusal)) return false;
    // Done when a look at /proc brought no new thread and each old one is parked
    // or has ended: a parked thread can start no other.
    const auto waiting = std::find_if(tasks.begin(), tasks.end(), [](const Task& t) {
      return !is_parked(t.tid) && !gone(t.tid);
    });
    if (waiting == tasks.end() && tasks.size() == before) break;
    if (waiting == tasks.end()) continue;
    if (monotonic_ns() > give_up) {
      return refusal->because(-EBUSY, "thread ", waiting->tid, " did not stop within ",
                              g_patience_ns / kNsPerMs,
                              " ms: it blocks signal 33 or hangs in the "
                              "kernel; end it before the snapshot");
    }
    const std::uint32_t parked = g_parked.load();
    sys::futex_wait(&g_parked, parked, kNsPerMs);
  }
  for (const Task& task : tasks) {
    for (std::uint32_t i = 0; i < g_parked.load(); ++i) {
      if (g_records[i].tid == task.tid) begin_system_call_again(g_records[i], task);
    }
  }
  return true;
}

std::pmr::vector<image::Thread> ParkedThreads::threads() const {
  const image::Thread* const records = g_records.load();
  return std::pmr::vector<image::Thread>(records, records + g_parked.load(), memory_);
}

ParkedThreads::~ParkedThreads() {
  if (!stopped_) return;
  // A thread that would not park has the signal pending still, and would be hit by it
  // whenever it listens again: to ignore a signal forgets the pending ones. One that
  // took it in this moment finds no records, or is waited for, as they go with the
  // arena.
  const sys::KernelSigaction ignore{reinterpret_cast<std::uint64_t>(SIG_IGN), 0, 0, 0};
  sys::kernel_sigaction(kParkSignal, &ignore, nullptr);
  g_records = nullptr;
  while (g_parked.load() + g_turned_away.load() != g_entered.load()) ::sched_yield();
  sys::kernel_sigaction(kParkSignal, &g_former_action, nullptr);
  // The parked ones leave the handler on their own time: nothing in the arena may be
  // touched by them any more, and nothing is.
  g_captures.fetch_add(1);
  sys::futex_wake(&g_captures, static_cast<int>(kMaxThreads));
}

void forget_parked_threads() {
  g_records = nullptr;
  g_entered = 0;
  g_turned_away = 0;
  g_parked = 0;
}

}  // namespace fw::capture
