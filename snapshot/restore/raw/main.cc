// The restorer: a freestanding program at an address of its own that replaces its
// memory by an image's and then is that image's process. It stays mapped, as the
// resident part, and is never returned to in this version of the format.
//
// It runs while the old memory disappears, so it has no libc, no heap, no thread
// local storage; its stack is a static array.
#include <asm/prctl.h>
#include <linux/prctl.h>
#include <linux/time.h>
#include <linux/time_types.h>

#include "snapshot/restore/raw/print.h"
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

namespace {

std::uint64_t now() {
  __kernel_timespec ts{};
  call(__NR_clock_gettime, CLOCK_MONOTONIC, &ts);
  return static_cast<std::uint64_t>(ts.tv_sec) * 1'000'000'000 +
         static_cast<std::uint64_t>(ts.tv_nsec);
}

void block_signals() {
  const std::uint64_t all = ~std::uint64_t{0};
  call(__NR_rt_sigprocmask, 0, &all, nullptr, 8);
}

// Finds where numbers without a meaning begin, and brings the image's descriptor there
// when its number has one.
void lift_image_fd(const image::Plan* plan, Orders* orders) {
  bool taken = orders->image_fd < plan->first_free_fd;
  int scratch = plan->first_free_fd;
  const auto above = [&scratch](int fd) { scratch = fd >= scratch ? fd + 1 : scratch; };
  for (unsigned i = 0; i < orders->fd_count; ++i) {
    above(orders->fds[i].source);
    above(orders->fds[i].target);
    taken = taken || orders->fds[i].target == orders->image_fd;
  }
  for (unsigned i = 0; i < orders->external_count; ++i) above(orders->externals[i].fd);
  orders->scratch_fd = scratch;
  if (!taken) return;
  const long fd = call(__NR_fcntl, orders->image_fd, 1030 /* F_DUPFD_CLOEXEC */, scratch);
  if (failed(fd)) refuse_errno("cannot move the image's descriptor", nullptr, fd);
  orders->image_fd = static_cast<int>(fd);
}

}  // namespace

[[noreturn]] static void restore(int argc, char** argv, const std::uint64_t* auxv) {
  image::RestoreTimes& times = resident.times;
  times.started = now();
  block_signals();
  static Orders orders;
  read_orders(argc, argv, &orders);
  place_standard_streams(&orders);
  const image::Plan* plan = check_image(&orders, auxv);
  lift_image_fd(plan, &orders);
  resident.magic = image::kPlanMagic;
  resident.plan = plan;
  resident.gate = plan->threads.count > 1 ? 0 : 1;
  resident.boot = FW_WOKEN_FROM_FILE;
  times.checked = now();

  map_memory(plan, orders, auxv);
  set_memory_fields(plan);
  times.mapped = now();

  restore_descriptors(plan, orders);
  restore_process(plan);
  times.descriptors = now();

  start_threads(plan, orders.pid_namespace);
  const image::Thread& leader = image::records<image::Thread>(plan, plan->threads)[plan->leader];
  call(__NR_arch_prctl, ARCH_SET_FS, leader.fs_base);
  const long tid = call(__NR_set_tid_address, leader.tid_address);
  if (leader.tid_address != 0) {
    *reinterpret_cast<std::uint32_t*>(leader.tid_address) = static_cast<std::uint32_t>(tid);
  }
  times.threads = now();
  become_thread(plan, &leader);
}

}  // namespace fw::raw

extern "C" [[noreturn]] void fw_raw_main(std::uint64_t* stack) {
  const int argc = static_cast<int>(stack[0]);
  char** argv = reinterpret_cast<char**>(stack + 1);
  char** environment = argv + argc + 1;
  while (*environment != nullptr) ++environment;
  fw::raw::restore(argc, argv, reinterpret_cast<std::uint64_t*>(environment + 1));
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
