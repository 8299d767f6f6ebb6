// fw_restore_start(): the restorer with all its orders on its command line.
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "snapshot/image/validate.h"
#include "snapshot/restore/launch.h"
#include "snapshot/snapshot.h"

namespace fw::restore {
namespace {

// Reads the header of the image's plan.
int read_plan_header(int fd, image::Plan* plan) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) return -errno;
  char head[1024];
  const ssize_t n = ::pread(fd, head, sizeof head, 0);
  if (n < 0) return -errno;
  image::PlanLocation location{};
  if (image::locate_plan(head, static_cast<std::size_t>(n),
                         static_cast<std::uint64_t>(status.st_size), &location) != nullptr) {
    return -ENOEXEC;
  }
  const auto at = static_cast<off_t>(location.note_offset + image::kPlanNoteHeader);
  if (::pread(fd, plan, sizeof *plan, at) != sizeof *plan) return -ENOEXEC;
  if (plan->magic != image::kPlanMagic || plan->first_free_fd < 3) return -ENOEXEC;
  return 0;
}

}  // namespace
}  // namespace fw::restore

extern "C" int fw_restore_first_free_fd(int image_fd) {
  fw::image::Plan plan;
  const int error = fw::restore::read_plan_header(image_fd, &plan);
  return error != 0 ? error : plan.first_free_fd;
}

extern "C" int fw_restore_start(const fw_restore_request* request, fw_restored* restored) {
  using namespace fw::restore;
  *restored = {-1, -1};
  if (request->fd_count + request->external_count > kMaxFds) return -E2BIG;
  const int first_free = fw_restore_first_free_fd(request->image_fd);
  // No image at all: the restorer is left to say so, in its words.
  constexpr int kAnyFd = 3;
  int first = first_free < 0 ? kAnyFd : first_free;
  for (std::size_t i = 0; i < request->fd_count; ++i) {
    if (request->fds[i].target >= first) first = request->fds[i].target + 1;
  }
  Launch child(first, request->restorer_path);
  child.parent_death_signal = request->parent_death_signal;
  child.new_pid_namespace = request->pid_mode == FW_RESTORE_PID_NAMESPACE;
  child.command.add_order("@", child.fds.add(request->image_fd));
  if (child.new_pid_namespace) child.command.add("pidns");
  if (request->flags != 0) child.command.add_order("flags:", request->flags);
  if (request->pack_fd > 0) child.command.add_order("pack:", child.fds.add(request->pack_fd));
  child.command.add_order("cpu:", cpu_of_this_machine());
  for (std::size_t i = 0; i < request->external_count; ++i) {
    const fw_restore_external& e = request->externals[i];
    child.command.add_order("ext:", e.tag, child.fds.add(e.fd), e.offset);
  }
  for (std::size_t i = 0; i < request->fd_count; ++i) {
    const fw_restore_fd& fd = request->fds[i];
    if (fd.target <= 2) {
      child.fds.add_standard(fd.source, fd.target);
    } else {
      child.command.add_order("fd:", child.fds.add(fd.source), fd.target);
    }
  }
  return launch(child, restored);
}
