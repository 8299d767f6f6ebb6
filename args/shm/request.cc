#include "args/shm/request.h"

#include <cstring>

#include "args/shm/log_area.h"

namespace fw::args {

void place_request(SlotHeader& slot, std::string_view request_id, std::uint64_t deadline_ns,
                   std::string_view arguments, std::int32_t arguments_fd) {
  clear_log(slot);
  slot.body_fd = kInSlot;
  slot.body_bytes = 0;
  slot.minor_faults = 0;
  slot.major_faults = 0;
  slot.outcome = 0;
  slot.timeline = {};
  slot.fetch_patience_ns = 0;

  slot.request_id_bytes = static_cast<std::uint32_t>(request_id.size());
  std::memset(slot.request_id, 0, sizeof slot.request_id);
  copy_bytes(slot.request_id, request_id);
  slot.deadline_ns = deadline_ns;
  slot.arguments_bytes = arguments.size();
  slot.arguments_fd = arguments_fd;
  if (arguments_fd == kInSlot) copy_bytes(payload_of(slot), arguments);
  at(slot.timeline, Instant::kRequested) = monotonic_ns();
}

}  // namespace fw::args
