#include <linux/fcntl.h>
#include <linux/memfd.h>

#include "snapshot/restore/raw/print.h"
#include "snapshot/restore/raw/steps.h"
#include "snapshot/restore/raw/syscall.h"

namespace fw::raw {
namespace {

constexpr std::uint32_t kMaxShared = 64;  // the capture refuses more
int object_fds[kMaxShared];               // descriptor + 1; 0: not made yet

void fill(int fd, int image_fd, const image::SharedObject& object, const char* name) {
  long r = call(__NR_ftruncate, fd, object.size);
  std::uint64_t offset = object.offset;
  std::uint64_t left = object.size;
  while (!failed(r) && left > 0) {
    r = call(__NR_sendfile, fd, image_fd, &offset, left);
    if (r == 0) refuse("truncated: the contents of shared memory end early,", name);
    if (!failed(r)) left -= static_cast<std::uint64_t>(r);
  }
  if (failed(r)) refuse_errno("cannot fill shared memory", name, r);
}

void seal(int fd, std::uint32_t seals, const char* name) {
  const long r = call(__NR_fcntl, fd, F_ADD_SEALS, seals);
  if (failed(r)) refuse_errno("cannot seal", name, r);
}

}  // namespace

int shared_object_fd(const image::Plan* plan, const Orders& orders, std::uint32_t index) {
  if (index >= kMaxShared) refuse("the image has too many shared memory objects");
  if (object_fds[index] != 0) return object_fds[index] - 1;
  const auto& object = image::records<image::SharedObject>(plan, plan->shared)[index];
  const char* name = image::text(plan, object.name);
  const long low = call(__NR_memfd_create, name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
  if (failed(low)) refuse_errno("cannot create shared memory", name, low);
  const long fd = call(__NR_fcntl, low, F_DUPFD_CLOEXEC, orders.scratch_fd);
  call(__NR_close, low);
  if (failed(fd)) refuse_errno("cannot place shared memory", name, fd);
  fill(static_cast<int>(fd), orders.image_fd, object, name);
  // The seal against writing wants no mapping that could be made writable, so it
  // comes before all mappings; the others must wait until the memory is in place.
  if ((object.seals & F_SEAL_WRITE) != 0) seal(static_cast<int>(fd), F_SEAL_WRITE, name);
  object_fds[index] = static_cast<int>(fd) + 1;
  return static_cast<int>(fd);
}

void finish_shared_objects(const image::Plan* plan) {
  const auto* objects = image::records<image::SharedObject>(plan, plan->shared);
  for (std::uint32_t i = 0; i < plan->shared.count && i < kMaxShared; ++i) {
    if (object_fds[i] == 0) continue;
    const int fd = object_fds[i] - 1;
    if (objects[i].seals != 0) seal(fd, objects[i].seals, image::text(plan, objects[i].name));
    call(__NR_close, fd);
    object_fds[i] = 0;
  }
}

}  // namespace fw::raw
