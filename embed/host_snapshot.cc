#include "embed/host_snapshot.h"

#include <sys/mman.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

#include "args/shm/slot.h"
#include "embed/job.h"

namespace fw::embed {

HostSnapshot::HostSnapshot(Mapping slot) : slot_(std::move(slot)), client_(slot_.data()) {}

Result<HostSnapshot> HostSnapshot::with_slot(UniqueFd slot) {
  auto mapped = Mapping::of_file(slot.get(), args::slot_bytes(), PROT_READ | PROT_WRITE,
                                 Mapping::Share::kShared);
  if (!mapped) return fail(std::move(mapped).error().context("map the slot"));
  return HostSnapshot(std::move(*mapped));
}

Result<HostSnapshot::Side> HostSnapshot::capture(const std::string& image_path) {
  client_.clear();
  // What native code printed so far, no restored process shall print again.
  std::fflush(nullptr);
  const fw_snapshot_external external{kSlotTag, slot_.data(), slot_.size()};
  fw_snapshot_request request{};
  request.image_path = image_path.c_str();
  // A language host compiles at run time: nothing rests on constants of libraries
  // not being executable, and a restore has a third fewer mappings to make.
  request.flags = FW_SNAPSHOT_MERGE_READ_ONLY;
  request.externals = &external;
  request.external_count = 1;
  report_ = {};
  const int result = fw_snapshot_here(&request, &report_);
  if (result == 1) {
    copy_restore_times();
    return Side::kRestored;
  }
  if (result == 0) return Side::kCaptured;
  std::string reason = report_.reason;
  if (reason.empty()) reason = std::strerror(-result);
  return fail(Error(Errc::kRefused, std::move(reason), -result));
}

void HostSnapshot::copy_restore_times() {
  fw_restore_times times{};
  if (fw_snapshot_restore_times(&times) != 0) return;
  fw_snapshot_wake wake{};
  if (fw_snapshot_woken(&wake) == 0) client_.set_boot(args::Boot{wake.how}, wake.reset_pages);
  using args::Instant;
  args::Timeline& timeline = client_.timeline();
  at(timeline, Instant::kStarted) = times.started;
  at(timeline, Instant::kChecked) = times.checked;
  at(timeline, Instant::kMapped) = times.mapped;
  at(timeline, Instant::kDescriptors) = times.descriptors;
  at(timeline, Instant::kThreads) = times.threads;
  at(timeline, Instant::kResumed) = times.resumed;
}

}  // namespace fw::embed
