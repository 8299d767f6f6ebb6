#include "bench/private_view.h"

#include <sched.h>
#include <sys/mount.h>

namespace fw::bench {

Status enter_private_view() {
  if (::unshare(CLONE_NEWNS | CLONE_NEWIPC) != 0) return fail_errno("unshare mounts and IPC");
  if (::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0) {
    return fail_errno("make mounts private");
  }
  if (::mount("fwrun-bench", "/dev/shm", "tmpfs", MS_NOSUID | MS_NODEV, "mode=1777") != 0) {
    return fail_errno("mount an empty /dev/shm");
  }
  return {};
}

}  // namespace fw::bench
