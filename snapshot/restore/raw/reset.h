// Reset: how the process comes back to the state of its image, from within. reset.cc
// tells the whole; the other parts are pages.h, layout.h, watch.h, company.h and
// attributes.h.
#pragma once

#include <cstdint>

#include "snapshot/image/format.h"
#include "snapshot/restore/raw/orders.h"

namespace fw::raw {

// ---- what a restore calls ----------------------------------------------------------

// Before descriptors are restored: what later resets need of the image's descriptor and
// memory. Nothing without FW_RESTORE_RESETTABLE.
void prepare_resets(const image::Plan* plan, const Orders& orders);

// Last of all, in the leader: notes what the process is, so that a reset can compare,
// and lets fw_snapshot_reset() in. Nothing without FW_RESTORE_RESETTABLE.
void allow_resets(const image::Plan* plan, const Orders& orders);

// Descriptors that resets need; nothing else may close them. The answer is how many.
inline constexpr unsigned kMaxResetFds = kMaxOrderFds + 6;
unsigned reset_fds(int* fds);

// ---- what the parts of a reset share -----------------------------------------------

struct ResetState {
  const image::Plan* plan = nullptr;
  Orders orders;      // those of the restore, with all descriptors in place
  int first_fd = 0;   // where descriptors of resets begin
  int image_fd = -1;  // high, close-on-exec
  int self_fd = -1;   // O_PATH: this process's folder in /proc, once that was needed
  int pagemap_fd = -1;
  std::uint64_t image_device = 0;  // as fstat(2) names it
  std::uint64_t image_inode = 0;
  std::int32_t leader_tid = 0;
  bool pid_one = false;  // of a PID namespace: all other processes in it are ours
};
extern ResetState reset_state;

// Opens /proc/self, to be kept: reset_state.self_fd.
void open_self();

// Opens a file of this process in /proc, "maps", say: descriptor, or -errno.
long open_proc(const char* name);

// Ends the process with FW_RESTORE_EXIT_RESET: "fwrun-restore: cannot reset: ...".
[[noreturn]] void cannot_reset(const char* what, const char* subject = nullptr,
                               const char* reason = nullptr);
[[noreturn]] void cannot_reset_errno(const char* what, long result);
[[noreturn]] void cannot_reset_at(const char* what, std::uint64_t address);

}  // namespace fw::raw
