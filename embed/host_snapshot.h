// HostSnapshot: a host's side of the snapshot point. Owns the mapping of the slot
// and knows that the snapshot library must leave it out of the image, so that a
// host deals with neither.
//
// One per process, living until the process ends: the mapping must be at the same
// address in every restored process. Not thread-safe.
#pragma once

#include <string>

#include "args/shm/client.h"
#include "base/mapping.h"
#include "base/result.h"
#include "base/unique_fd.h"
#include "snapshot/snapshot.h"

namespace fw::embed {

class HostSnapshot {
 public:
  // Which of the two processes returns from capture().
  enum class Side { kCaptured, kRestored };

  // Maps the slot and closes the descriptor: neither the image nor user code
  // shall hold it.
  static Result<HostSnapshot> with_slot(UniqueFd slot);

  // The slot, at the snapshot point emptied of what training left in it.
  args::Client& client() { return client_; }

  // Captures this process into `image_path`. On the restored side the restore's
  // instants are in the slot's timeline already. kRefused with the snapshot
  // library's reason when the process cannot be carried; sys_errno() is then
  // EADDRINUSE if a new start of the same host may succeed.
  Result<Side> capture(const std::string& image_path);

  // Brings this restored process back to the image's state: capture() returns
  // kRestored once more. Returns only when that cannot be done, as without
  // FW_RESTORE_RESETTABLE; the process is then to end.
  void reset() { (void)fw_snapshot_reset(); }

  // From here to end_watch() user code runs (fw_snapshot_watch()).
  void watch() { fw_snapshot_watch(1); }
  void end_watch() { fw_snapshot_watch(0); }

  // Of the capture() that returned kCaptured.
  const fw_snapshot_report& report() const { return report_; }

 private:
  explicit HostSnapshot(Mapping slot);
  void copy_restore_times();

  Mapping slot_;
  args::Client client_;
  fw_snapshot_report report_{};
};

}  // namespace fw::embed
