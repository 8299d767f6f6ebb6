#include "args/shm/request.h"

#include <cstring>

#include "args/shm/log_area.h"

namespace fw::args {

void place_request(SlotHeader& slot, const Request& request, std::int32_t arguments_fd) {
  clear_log(slot);
  slot.body_fd = kInSlot;
  slot.body_bytes = 0;
  slot.minor_faults = 0;
  slot.major_faults = 0;
  slot.outcome = 0;
  slot.jit = 0;
  slot.timeline = {};
  slot.fetch_patience_ns = 0;

  slot.request_id_bytes = static_cast<std::uint32_t>(request.id.size());
  std::memset(slot.request_id, 0, sizeof slot.request_id);
  copy_bytes(slot.request_id, request.id);
  slot.deadline_ns = request.deadline_ns;
  slot.after = static_cast<std::uint32_t>(request.after);
  slot.arguments_bytes = request.arguments.size();
  slot.arguments_fd = arguments_fd;
  if (arguments_fd == kInSlot) copy_bytes(payload_of(slot), request.arguments);
  const std::size_t in_slot = arguments_fd == kInSlot ? request.arguments.size() : 0;
  slot.call_context_bytes = static_cast<std::uint32_t>(request.call_context.size());
  copy_bytes(payload_of(slot) + call_context_offset(in_slot), request.call_context);
  at(slot.timeline, Instant::kRequested) = monotonic_ns();
}

}  // namespace fw::args
