// How the watch knows what a program did, and why that is enough.
//
// A reset that copies pages back is right only if nothing but memory has changed, and
// all that a program changes outside of its memory it changes by system calls. (What
// remains are registers, which the end of a reset sets; and what others do to it:
// signals that come from outside, which may come to the image's own process at any time
// as well.) So every system call is caught, by syscall user dispatch (prctl(2),
// PR_SET_SYSCALL_USER_DISPATCH): while the selector byte, resident.watch, is 1, the
// kernel sends SIGSYS instead of making any call of this thread, whichever instruction
// it is made by: libc's, a JIT compiler's, int 0x80. Other threads are not caught, but
// there are none: such images are not watched, and making one is a call of this thread.
//
// The only calls that get through unseen are those from the restorer's own text, where
// the handler makes them. The few on the list below change nothing that a reset
// restores, or memory only; the handler makes them for the program. At the first other
// one, the handler takes itself away (selector, dispatch and disposition: a program
// finds its own action for SIGSYS) and lets the program's instruction make its call
// again, on its own stack, with its own registers, so that clone(), vfork() and
// sigaltstack() mean what they should.
//
// A handler of the program's that blocks SIGSYS and makes a system call while the watch
// is on is ended by the kernel. That takes a signal from outside during an invocation:
// the program can send none, nor start a timer, without the watch being off by then.
#include "snapshot/restore/raw/watch.h"

#include <asm/sigcontext.h>
#include <asm/siginfo.h>
#include <asm/signal.h>
#include <asm/ucontext.h>
#include <linux/audit.h>
#include <linux/futex.h>
#include <linux/mman.h>
#include <linux/prctl.h>

#include "snapshot/restore/raw/reset.h"
#include "snapshot/restore/raw/steps.h"
#include "snapshot/restore/raw/syscall.h"

// The nops: the kernel compares the address behind the instruction.
asm(R"(
.text
.type fw_raw_watch_return, @function
fw_raw_watch_return:
  mov $15, %eax           # rt_sigreturn
  syscall
  nop
  nop
.size fw_raw_watch_return, .-fw_raw_watch_return
)");

extern "C" [[gnu::visibility("hidden")]] void fw_raw_watch_return();
extern "C" void fw_raw_watch(int signo, siginfo_t* info, ucontext* context);

namespace fw::raw {
namespace {

constexpr unsigned kMostHarmless = 8;
constexpr std::uint64_t kSyscallLength = 2;
constexpr int kFromDispatch = 2;  // si_code SYS_USER_DISPATCH
constexpr int kFromSeccomp = 1;   // SYS_SECCOMP

bool watching = false;
bool more_than_memory = false;
unsigned harmless_calls = 0;

void set_watching(bool on) {
  watching = on;
  resident.watching = on ? 1 : 0;
}

bool is_harmless(const sigcontext& call) {
  switch (call.rax) {
    case __NR_access:
    case __NR_clock_getres:
    case __NR_clock_gettime:
    case __NR_faccessat:
    case __NR_faccessat2:
    case __NR_fstat:
    case __NR_getcpu:
    case __NR_getcwd:
    case __NR_getegid:
    case __NR_geteuid:
    case __NR_getgid:
    case __NR_getpid:
    case __NR_getppid:
    case __NR_getrandom:
    case __NR_getrusage:
    case __NR_gettid:
    case __NR_gettimeofday:
    case __NR_getuid:
    case __NR_lstat:
    case __NR_newfstatat:
    case __NR_readlink:
    case __NR_readlinkat:
    case __NR_sched_yield:
    case __NR_stat:
    case __NR_statx:
    case __NR_sysinfo:
    case __NR_time:
    case __NR_times:
    case __NR_uname:
      return true;
    case __NR_futex:
      return (call.rsi & ~std::uint64_t{FUTEX_PRIVATE_FLAG}) == FUTEX_WAKE;
    case __NR_madvise:  // gives pages back, which a reset writes or finds missing
      return call.rdx == MADV_DONTNEED || call.rdx == MADV_FREE;
    case __NR_write:
    case __NR_writev:
      return call.rdi == 1 || call.rdi == 2;
    default:
      return false;
  }
}

const image::SignalAction& action_of_program() {
  return image::records<image::SignalAction>(reset_state.plan,
                                             reset_state.plan->signals)[SIGSYS - 1];
}

void end_watch() {
  more_than_memory = true;
  set_watching(false);
  resident.watch = 0;
  call(__NR_prctl, PR_SET_SYSCALL_USER_DISPATCH, PR_SYS_DISPATCH_OFF, 0, 0, 0);
  call(__NR_rt_sigaction, SIGSYS, &action_of_program(), nullptr, 8);
}

bool has_timer(const image::Plan* plan) {
  for (const auto& timer : plan->interval_timers) {
    if ((timer[0] | timer[1] | timer[2] | timer[3]) != 0) return true;
  }
  const auto* all = image::records<image::Descriptor>(plan, plan->descriptors);
  for (std::uint32_t i = 0; i < plan->descriptors.count; ++i) {
    if (all[i].kind == image::DescriptorKind::kTimerFd) return true;
  }
  return false;
}

// Threads change things unseen, timers by themselves, and shared memory is not compared.
bool can_be_watched(const image::Plan* plan) {
  const image::Thread& caller = image::records<image::Thread>(plan, plan->threads)[plan->caller];
  const bool blocked = (caller.signal_mask >> (SIGSYS - 1) & 1) != 0;
  return plan->threads.count == 1 && plan->shared.count == 0 && !blocked && !has_timer(plan);
}

}  // namespace

void offer_watch() {
  go_on_watching();
  set_watching(false);
  resident.watch_entry = reinterpret_cast<std::uint64_t>(&start_watch);
}

void start_watch() {
  const image::Plan* plan = reset_state.plan;
  go_on_watching();
  set_watching(false);
  resident.watch_entry = 0;
  if (!can_be_watched(plan)) return;
  const image::SignalAction action{reinterpret_cast<std::uint64_t>(&fw_raw_watch),
                                   SA_SIGINFO | SA_NODEFER | SA_RESTORER,
                                   reinterpret_cast<std::uint64_t>(&fw_raw_watch_return), 0};
  if (failed(call(__NR_rt_sigaction, SIGSYS, &action, nullptr, 8))) return;
  constexpr std::uint64_t kText = image::kResidentAddress - image::kWindowStart;
  const long r = call(__NR_prctl, PR_SET_SYSCALL_USER_DISPATCH, PR_SYS_DISPATCH_ON,
                      image::kWindowStart, kText, &resident.watch);
  if (failed(r)) {
    call(__NR_rt_sigaction, SIGSYS, &action_of_program(), nullptr, 8);
    return;
  }
  set_watching(true);
}

bool only_memory_changed() {
  return watching && !more_than_memory && resident.watched != 0 && resident.replaced == 0;
}

void go_on_watching() {
  resident.watch = 0;
  resident.watched = 0;
  more_than_memory = false;
  harmless_calls = 0;
}

}  // namespace fw::raw

void fw_raw_watch(int /*signo*/, siginfo_t* info, ucontext* context) {
  using namespace fw::raw;
  sigcontext& registers = context->uc_mcontext;
  const bool dispatched = info->si_code == kFromDispatch;
  if (dispatched || info->si_code == kFromSeccomp) {
    registers.rax = static_cast<std::uint64_t>(static_cast<std::uint32_t>(info->si_syscall));
  }
  if (dispatched && info->si_arch == AUDIT_ARCH_X86_64 && harmless_calls < kMostHarmless &&
      is_harmless(registers)) {
    ++harmless_calls;
    registers.rax = static_cast<std::uint64_t>(call(static_cast<long>(registers.rax), registers.rdi,
                                                    registers.rsi, registers.rdx, registers.r10,
                                                    registers.r8, registers.r9));
    return;
  }
  end_watch();
  if (dispatched || info->si_code == kFromSeccomp) {
    registers.rip -= kSyscallLength;
  } else {  // somebody sent it: it was meant for the program
    call(__NR_rt_tgsigqueueinfo, call(__NR_getpid), call(__NR_gettid), SIGSYS, info);
  }
}
