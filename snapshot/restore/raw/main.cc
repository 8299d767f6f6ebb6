// The restorer: a freestanding program at an address of its own that replaces its
// memory by an image's and then is that image's process. It stays mapped, as the
// resident part, and is never returned to in this version of the format.
//
// It runs while the old memory disappears, so it has no libc, no heap, no thread
// local storage; its stack is a static array.
#include <asm/prctl.h>
#include <linux/auxvec.h>
#include <linux/prctl.h>
#include <linux/time.h>
#include <linux/time_types.h>

#include "snapshot/restore/raw/inbox.h"
#include "snapshot/restore/raw/print.h"
#include "snapshot/restore/raw/reset.h"
#include "snapshot/restore/raw/steps.h"
#include "snapshot/restore/raw/syscall.h"
#include "snapshot/snapshot.h"

asm(R"(
.text
.globl _start
.type _start, @function
_start:
  mov %rsp, %rdi
  lea fw_raw_stack_top(%rip), %rsp
  and $-16, %rsp
  xor %ebp, %ebp
  call fw_raw_main
  hlt
.size _start, .-_start
.bss
.align 4096
  .skip 16384
fw_raw_stack_top:
  .skip 64
.text
)");

namespace fw::raw {

[[gnu::section(".resident")]] image::Resident resident = {};

std::uint64_t now() {
  __kernel_timespec ts{};
  call(__NR_clock_gettime, CLOCK_MONOTONIC, &ts);
  return static_cast<std::uint64_t>(ts.tv_sec) * 1'000'000'000 +
         static_cast<std::uint64_t>(ts.tv_nsec);
}

void introduce(const image::Plan* plan, fw_snapshot_how how) {
  resident.magic = image::kPlanMagic;
  resident.plan = plan;
  resident.gate = plan->threads.count > 1 ? 0 : 1;
  resident.boot = how;
}

void finish(const image::Plan* plan, const Orders& orders) {
  prepare_resets(plan, orders);
  restore_descriptors(plan, orders);
  fault_page_by_page(plan, orders);
  start_interval_timers(plan);
  resident.times.descriptors = now();

  start_threads(plan, orders.pid_namespace);
  const image::Thread& leader = image::records<image::Thread>(plan, plan->threads)[plan->leader];
  call(__NR_arch_prctl, ARCH_SET_FS, leader.fs_base);
  const long tid = call(__NR_set_tid_address, leader.tid_address);
  if (leader.tid_address != 0) {
    *reinterpret_cast<std::uint32_t*>(leader.tid_address) = static_cast<std::uint32_t>(tid);
  }
  resident.times.threads = now();
  allow_resets(plan, orders);
  become_thread(plan, &leader);
}

namespace {

void block_signals() {
  const std::uint64_t all = ~std::uint64_t{0};
  call(__NR_rt_sigprocmask, 0, &all, nullptr, 8);
}

std::uint64_t vdso_address(const std::uint64_t* auxv) {
  for (; auxv[0] != AT_NULL; auxv += 2) {
    if (auxv[0] == AT_SYSINFO_EHDR) return auxv[1];
  }
  return 0;
}

[[noreturn]] void become_process(Orders* orders, std::uint64_t vdso) {
  place_standard_streams(orders);
  const image::Plan* plan = check_image(orders);
  if (orders->pid_namespace && call(__NR_getpid) != 1) {
    refuse("malformed order: pidns, but this process is not pid 1 of a PID namespace");
  }
  settle_descriptors(plan, orders);
  introduce(plan, FW_WOKEN_FROM_FILE);
  resident.times.checked = now();

  map_memory(plan, *orders, Memory::kAll, vdso);
  set_memory_fields(plan);
  resident.times.mapped = now();

  restore_inherited(plan);
  finish(plan, *orders);
}

[[noreturn]] void start(int argc, char** argv, const std::uint64_t* auxv) {
  resident.times.started = now();
  block_signals();
  static Orders orders;
  read_orders(argc, argv, &orders);
  const std::uint64_t vdso = vdso_address(auxv);
  if (orders.wait_fd < 0) become_process(&orders, vdso);
  Received received;
  if (!receive(orders.wait_fd, &received)) end_process(0);
  resident.times.started = now();
  read_message(received, &orders);
  switch (received.message.kind) {
    case MessageKind::kBecome:
      become_process(&orders, vdso);
    case MessageKind::kTemplate:
      be_template(&orders, vdso);
    default:
      refuse("refused a message of orders: the first one must say what this process is to be");
  }
}

}  // namespace
}  // namespace fw::raw

extern "C" [[noreturn]] void fw_raw_main(std::uint64_t* stack) {
  const int argc = static_cast<int>(stack[0]);
  char** argv = reinterpret_cast<char**>(stack + 1);
  char** environment = argv + argc + 1;
  while (*environment != nullptr) ++environment;
  fw::raw::start(argc, argv, reinterpret_cast<std::uint64_t*>(environment + 1));
}

// The compiler may call these whatever the flags.
extern "C" void* memcpy(void* to, const void* from, std::size_t size) {
  void* result = to;
  asm volatile("rep movsb" : "+D"(to), "+S"(from), "+c"(size) : : "memory");
  return result;
}
extern "C" void* memset(void* to, int value, std::size_t size) {
  void* result = to;
  asm volatile("rep stosb" : "+D"(to), "+c"(size) : "a"(value) : "memory");
  return result;
}
