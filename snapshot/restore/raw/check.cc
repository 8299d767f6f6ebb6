#include <asm/fcntl.h>
#include <asm/stat.h>
#include <linux/auxvec.h>
#include <linux/fcntl.h>
#include <linux/mman.h>
#include <linux/utsname.h>

#include "snapshot/image/cpu_features.h"
#include "snapshot/image/validate.h"
#include "snapshot/restore/raw/print.h"
#include "snapshot/restore/raw/steps.h"
#include "snapshot/restore/raw/syscall.h"

namespace fw::raw {
namespace {

bool same_text(const char* a, const char* b) {
  while (*a != '\0' && *a == *b) {
    ++a;
    ++b;
  }
  return *a == *b;
}

void check_machine(const image::Plan* plan, const Orders& orders) {
  const image::Fingerprint& wanted = plan->fingerprint;
  new_utsname kernel;
  call(__NR_uname, &kernel);
  // The image holds addresses of vdso functions, so the very same kernel is needed.
  if (!same_text(kernel.release, wanted.kernel_release) ||
      !same_text(kernel.version, wanted.kernel_version)) {
    refuse("the image was made under another kernel,", wanted.kernel_release,
           "install the function again on this one");
  }
  const std::uint64_t cpu = orders.cpu_known ? orders.cpu_hash : image::cpu_feature_hash();
  if (cpu != wanted.cpu || image::cpu_xcr0() != wanted.xcr0) {
    refuse("the image was made on a CPU with other features", nullptr,
           "its compiled code may use instructions this CPU lacks; install the function again");
  }
}

}  // namespace

const image::Plan* check_image(Orders* orders) {
  const char* name = orders->image_path != nullptr ? orders->image_path : "the image";
  if (orders->image_path != nullptr) {
    const long fd = call(__NR_open, orders->image_path, O_RDONLY | O_CLOEXEC);
    if (failed(fd)) refuse_errno("cannot open", name, fd);
    orders->image_fd = static_cast<int>(fd);
  }
  struct stat file;
  if (const long r = call(__NR_fstat, orders->image_fd, &file); failed(r)) {
    refuse_errno("cannot read", name, r);
  }
  const auto size = static_cast<std::uint64_t>(file.st_size);
  char head[1024];
  const long got = call(__NR_pread64, orders->image_fd, static_cast<char*>(head), sizeof head, 0L);
  if (failed(got)) refuse_errno("cannot read", name, got);
  image::PlanLocation location{};
  if (const char* wrong =
          image::locate_plan(head, static_cast<std::size_t>(got), size, &location)) {
    refuse("refused", name, wrong);
  }
  const long mapped =
      call(__NR_mmap, image::kPlanAddress, image::kPlanNoteHeader + location.plan_bytes, PROT_READ,
           MAP_PRIVATE | MAP_FIXED | MAP_POPULATE, orders->image_fd, location.note_offset);
  if (failed(mapped)) refuse_errno("cannot map the plan of", name, mapped);
  const auto* plan =
      reinterpret_cast<const image::Plan*>(image::kPlanAddress + image::kPlanNoteHeader);
  if (const char* wrong = image::validate_plan(plan, location.plan_bytes, size)) {
    refuse("refused", name, wrong);
  }
  if (orders->pid_namespace && plan->pid != 1) {
    refuse("refused", name, "captured outside a PID namespace, so it cannot be restored in one");
  }
  check_machine(plan, *orders);
  // As /proc/self/maps will name the image's mappings (new_decode_dev() in the kernel).
  const auto device = static_cast<std::uint64_t>(file.st_dev);
  resident.image_device =
      ((device & 0xfff00) >> 8) << 32 | (device & 0xff) | (device >> 12 & 0xfff00);
  resident.image_inode = file.st_ino;
  return plan;
}

}  // namespace fw::raw
