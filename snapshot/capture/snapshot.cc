// fw_snapshot_here(): the order of a capture, and of waking up restored.
#include "snapshot/snapshot.h"

#include <signal.h>

#include <atomic>
#include <cerrno>
#include <cstring>

#include "base/clock.h"
#include "base/syscalls.h"
#include "snapshot/capture/arena.h"
#include "snapshot/capture/descriptors.h"
#include "snapshot/capture/draft.h"
#include "snapshot/capture/memory.h"
#include "snapshot/capture/pages.h"
#include "snapshot/capture/park.h"
#include "snapshot/capture/proc.h"
#include "snapshot/capture/process.h"
#include "snapshot/capture/resident.h"
#include "snapshot/capture/vma.h"
#include "snapshot/capture/writer.h"

// Returns 0, and 1 when a restored process resumes here. Saves what the psABI
// makes a callee preserve; everything else is dead across a call.
asm(R"(
.text
.type fw_capture_save_context, @function
fw_capture_save_context:
  mov %rbx, 0(%rdi)
  mov %rbp, 8(%rdi)
  mov %r12, 16(%rdi)
  mov %r13, 24(%rdi)
  mov %r14, 32(%rdi)
  mov %r15, 40(%rdi)
  lea 8(%rsp), %rdx
  mov %rdx, 48(%rdi)
  mov (%rsp), %rdx
  mov %rdx, 56(%rdi)
  stmxcsr 64(%rdi)
  fnstcw 68(%rdi)
  xor %eax, %eax
  ret
.size fw_capture_save_context, .-fw_capture_save_context
)");
extern "C" [[gnu::returns_twice]] int fw_capture_save_context(fw::image::CallContext* context);

namespace fw::capture {
namespace {

std::atomic<bool> g_busy{false};

// The calling thread's record goes in among the others', and the leader's is found.
bool collect_threads(const ParkedThreads& parked, const CallerState& caller, Draft* draft,
                     Refusal* refusal) {
  draft->threads = parked.threads();
  image::Thread self;
  describe_this_thread(&self);
  self.is_caller = 1;
  self.signal_mask = caller.signal_mask;
  std::memcpy(self.altstack, caller.altstack, sizeof self.altstack);
  draft->header.caller = static_cast<std::uint32_t>(draft->threads.size());
  draft->threads.push_back(self);
  for (std::uint32_t i = 0; i < draft->threads.size(); ++i) {
    if (draft->threads[i].tid == draft->header.pid) {
      draft->header.leader = i;
      return true;
    }
  }
  return refusal->because(-EBUSY, "the main thread has ended: it must live until the snapshot");
}

struct Captured {
  std::uint64_t image_bytes = 0;
  std::uint64_t pages = 0;
  std::uint32_t mappings = 0;
  std::uint32_t threads = 0;
  std::uint32_t descriptors = 0;
};

bool capture_parts(std::pmr::memory_resource* memory, const fw_snapshot_request& request,
                   const CallerState& caller, const image::CallContext& context,
                   const ParkedThreads& parked, Captured* captured, Refusal* refusal) {
  // First, before this function opens descriptors of its own.
  const auto fds = list_numbers(memory, "/proc/self/fd");
  if (!fds) return refusal->because_errno(errno, "cannot read /proc/self/fd");
  Pages pages(memory);
  Draft draft(memory);
  MemoryCapture mappings(memory, &pages, &draft, refusal);
  DescriptorCapture descriptors(memory, &draft, &mappings, refusal);
  ImageWriter writer(memory, request.image_path, refusal);
  std::pmr::vector<Vma> vmas(memory);
  draft.header.context = context;
  const bool done =
      refuse_uncarried_state(memory, refusal) && capture_process(memory, caller, &draft, refusal) &&
      collect_threads(parked, caller, &draft, refusal) && descriptors.run(*fds) &&
      pages.open(refusal) && list_vmas(memory, &vmas, refusal) && mappings.run(vmas, request);
  if (!done) return false;
  mappings.place_shared_contents();
  if (!writer.create() || !writer.write(&draft, mappings, &pages)) return false;
  captured->image_bytes = writer.disk_bytes();
  captured->pages = mappings.page_bytes() / image::kPage;
  captured->mappings = static_cast<std::uint32_t>(draft.maps.size());
  captured->threads = static_cast<std::uint32_t>(draft.threads.size());
  captured->descriptors = static_cast<std::uint32_t>(draft.descriptors.size());
  return true;
}

int capture(const fw_snapshot_request& request, const CallerState& caller,
            const image::CallContext& context, Captured* captured, Refusal* refusal) {
  if (resident() != nullptr) {
    refusal->because(-EBUSY,
                     "this process was itself restored from an image; capture it before "
                     "that, or start it anew");
    return refusal->error();
  }
  Arena arena;
  if (const int error = arena.open(); error != 0) {
    if (error == -EADDRINUSE) {
      refusal->because(error,
                       "the restorer's address window is occupied in this process: start it "
                       "again, its layout is random");
    } else {
      refusal->because_errno(-error, "cannot reserve address space (is RLIMIT_AS set?)");
    }
    return error;
  }
  ParkedThreads parked(arena.resource());
  if (!parked.stop_all(refusal) ||
      !capture_parts(arena.resource(), request, caller, context, parked, captured, refusal)) {
    return refusal->error();
  }
  return 0;
}

int check_request(const fw_snapshot_request* request, Refusal* refusal) {
  if (request == nullptr || request->image_path == nullptr) {
    refusal->because(-EINVAL, "no path for the image was given");
    return refusal->error();
  }
  if (request->external_count > FW_SNAPSHOT_MAX_EXTERNALS) {
    refusal->because(-EINVAL, "more than ", static_cast<int>(FW_SNAPSHOT_MAX_EXTERNALS),
                     " external ranges were given");
  }
  for (std::size_t i = 0; refusal->error() == 0 && i < request->external_count; ++i) {
    const fw_snapshot_external& e = request->externals[i];
    if (reinterpret_cast<std::uint64_t>(e.address) % image::kPage != 0 ||
        e.length % image::kPage != 0 || e.length == 0) {
      refusal->because(-EINVAL, "external range ", e.tag, " is not page aligned");
    }
    if (e.tag >= FW_SNAPSHOT_MAX_EXTERNALS) {
      refusal->because(-EINVAL, "external range ", e.tag, ": tags go from 0 to ",
                       static_cast<int>(FW_SNAPSHOT_MAX_EXTERNALS) - 1);
    }
    for (std::size_t k = 0; k < i; ++k) {
      const fw_snapshot_external& other = request->externals[k];
      if (other.tag == e.tag)
        refusal->because(-EINVAL, "external range ", e.tag, " is given twice");
      const auto start = reinterpret_cast<std::uint64_t>(e.address);
      const auto other_start = reinterpret_cast<std::uint64_t>(other.address);
      if (start < other_start + other.length && other_start < start + e.length) {
        refusal->because(-EINVAL, "external ranges ", other.tag, " and ", e.tag, " overlap");
      }
    }
  }
  return refusal->error();
}

void fill_report(const Captured& captured, const Refusal& refusal, fw_snapshot_report* report) {
  if (report == nullptr) return;
  *report = {};
  const std::string_view reason = refusal.text();
  std::memcpy(report->reason, reason.data(), std::min(reason.size(), sizeof report->reason - 1));
  report->image_bytes = captured.image_bytes;
  report->captured_pages = captured.pages;
  report->mappings = captured.mappings;
  report->threads = captured.threads;
  report->descriptors = captured.descriptors;
}

// A write beyond RLIMIT_FSIZE fails and sends this signal, too, which would end the
// process as soon as it is unblocked.
void forget_signal(int signo) {
  sigset_t set{};
  ::sigaddset(&set, signo);
  const timespec at_once{};
  ::sigtimedwait(&set, nullptr, &at_once);
}

// Kept apart so that the frame that is resumed twice is small and holds nothing
// with a destructor.
int capture_from(const fw_snapshot_request* request, const CallerState& caller,
                 const image::CallContext& context, fw_snapshot_report* report) {
  Refusal refusal;
  Captured captured;
  int result = check_request(request, &refusal);
  if (result == 0) {
    // No signal handler of the program may run on half-captured memory.
    const std::uint64_t all = ~std::uint64_t{0};
    sys::kernel_sigmask(SIG_SETMASK, &all, nullptr);
    result = capture(*request, caller, context, &captured, &refusal);
    if (result == -EFBIG) forget_signal(SIGXFSZ);
    sys::kernel_sigmask(SIG_SETMASK, &caller.signal_mask, nullptr);
  }
  fill_report(captured, refusal, report);
  return result;
}

}  // namespace
}  // namespace fw::capture

extern "C" int fw_snapshot_here(const fw_snapshot_request* request, fw_snapshot_report* report) {
  using namespace fw::capture;
  if (g_busy.exchange(true)) return -EALREADY;
  const int saved_errno = errno;
  CallerState caller;
  note_caller_state(&caller);
  fw::image::CallContext context{};
  if (fw_capture_save_context(&context) != 0) {
    // A restored process. The memory is that of a capture under way.
    forget_parked_threads();
    wake_restored_process();
    g_busy = false;
    errno = saved_errno;
    return 1;
  }
  const int result = capture_from(request, caller, context, report);
  g_busy = false;
  errno = saved_errno;
  return result;
}
