#include <asm/errno.h>
#include <asm/prctl.h>
#include <linux/futex.h>
#include <linux/prctl.h>
#include <linux/sched.h>

#include "snapshot/restore/raw/print.h"
#include "snapshot/restore/raw/steps.h"
#include "snapshot/restore/raw/syscall.h"

// Where a new thread starts: on the stack given to clone3, with its record in rdi.
asm(R"(
.text
.type fw_raw_clone3, @function
fw_raw_clone3:            # rdi: clone_args, rsi: its size, rdx: Thread*
  mov %rdx, %r8
  mov $435, %eax
  syscall
  test %rax, %rax
  jz 1f
  ret
1:
  xor %ebp, %ebp
  mov %r8, %rdi
  call fw_raw_thread
  hlt
.size fw_raw_clone3, .-fw_raw_clone3

.globl fw_raw_resume_call
.type fw_raw_resume_call, @function
fw_raw_resume_call:       # rdi: CallContext*; its function returns 1
  mov 0(%rdi), %rbx
  mov 8(%rdi), %rbp
  mov 16(%rdi), %r12
  mov 24(%rdi), %r13
  mov 32(%rdi), %r14
  mov 40(%rdi), %r15
  ldmxcsr 64(%rdi)
  fldcw 68(%rdi)
  mov 48(%rdi), %rsp
  mov $1, %eax
  jmp *56(%rdi)
.size fw_raw_resume_call, .-fw_raw_resume_call

.type fw_raw_resume_frame, @function
fw_raw_resume_frame:      # rdi: ucontext in a signal frame
  mov %rdi, %rsp
  mov $15, %eax           # rt_sigreturn
  syscall
  hlt
.size fw_raw_resume_frame, .-fw_raw_resume_frame
)");

extern "C" long fw_raw_clone3(const clone_args* args, std::size_t size,
                              const fw::image::Thread* thread);
extern "C" [[noreturn]] void fw_raw_resume_call(const fw::image::CallContext* context);
extern "C" [[noreturn]] void fw_raw_resume_frame(std::uint64_t frame);
extern "C" [[noreturn]] void fw_raw_thread(const fw::image::Thread* thread);

namespace fw::raw {
namespace {

// What lies below the point where a thread will resume is dead: the frames of the
// handler that parked it, or of the capture. A new thread takes its first steps
// there, so that no stack has to be found for it.
std::uint64_t dead_stack(const image::Plan* plan, const image::Thread& thread) {
  const std::uint64_t live = thread.is_caller != 0 ? plan->context.rsp : thread.signal_frame;
  constexpr std::uint64_t kRedZone = 128;
  return (live - kRedZone - 64) & ~std::uint64_t{63};
}

constexpr std::uint64_t kPatienceNs = 1'000'000'000;

std::uint64_t pointer(const void* p) { return reinterpret_cast<std::uint64_t>(p); }

}  // namespace

void start_threads(const image::Plan* plan, bool pid_namespace) {
  const auto* threads = image::records<image::Thread>(plan, plan->threads);
  constexpr std::uint64_t kStackBytes = 4096;
  for (std::uint32_t i = 0; i < plan->threads.count; ++i) {
    if (i == plan->leader) continue;
    const image::Thread& thread = threads[i];
    const auto tid = static_cast<std::int32_t>(thread.tid);
    clone_args args{};
    args.flags = CLONE_VM | CLONE_FS | CLONE_FILES | CLONE_SIGHAND | CLONE_THREAD | CLONE_SYSVSEM |
                 CLONE_SETTLS;
    args.tls = thread.fs_base;
    if (thread.tid_address != 0) {
      args.flags |= CLONE_PARENT_SETTID | CLONE_CHILD_CLEARTID;
      args.parent_tid = thread.tid_address;
      args.child_tid = thread.tid_address;
    }
    args.stack = dead_stack(plan, thread) - kStackBytes;
    args.stack_size = kStackBytes;
    if (pid_namespace) {
      args.set_tid = pointer(&tid);
      args.set_tid_size = 1;
    }
    long r = fw_raw_clone3(&args, sizeof args, &thread);
    // After a reset: a thread that has ended is forgotten a moment before its tid is free.
    for (const std::uint64_t give_up = now() + kPatienceNs; r == -EEXIST && now() < give_up;) {
      call(__NR_sched_yield);
      r = fw_raw_clone3(&args, sizeof args, &thread);
    }
    if (failed(r)) refuse_errno("cannot create thread", thread.name, r);
  }
}

void become_thread(const image::Plan* plan, const image::Thread* thread) {
  if (thread->robust_list != 0) call(__NR_set_robust_list, thread->robust_list, 24);
  if (thread->rseq_area != 0) {
    call(__NR_rseq, thread->rseq_area, plan->rseq_length, 0, plan->rseq_signature);
  }
  if (thread->gs_base != 0) call(__NR_arch_prctl, ARCH_SET_GS, thread->gs_base);
  call(__NR_prctl, PR_SET_NAME, static_cast<const char*>(thread->name));
  if (thread->is_caller != 0) {
    constexpr std::uint64_t kDisabled = 2;  // SS_DISABLE
    if ((thread->altstack[1] & kDisabled) == 0) {
      call(__NR_sigaltstack, static_cast<const std::uint64_t*>(thread->altstack), nullptr);
    }
    constexpr int kSetMask = 2;  // SIG_SETMASK
    call(__NR_rt_sigprocmask, kSetMask, &thread->signal_mask, nullptr, 8);
    fw_raw_resume_call(&plan->context);
  }
  // No code of the program may run before the caller's on-restore hooks did.
  while (__atomic_load_n(&resident.gate, __ATOMIC_ACQUIRE) == 0) {
    call(__NR_futex, &resident.gate, FUTEX_WAIT_PRIVATE, 0, nullptr);
  }
  fw_raw_resume_frame(thread->signal_frame);
}

}  // namespace fw::raw

void fw_raw_thread(const fw::image::Thread* thread) {
  fw::raw::become_thread(fw::raw::resident.plan, thread);
}
