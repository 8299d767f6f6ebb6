// How a request is laid into a slot: the one path for requesters and training.
#pragma once

#include <cstdint>
#include <string_view>

#include "args/repository.h"
#include "args/shm/layout.h"

namespace fw::args {

struct Request {
  std::string_view id;  // at most kMaxRequestIdBytes
  std::uint64_t deadline_ns = 0;
  std::string_view arguments;
  After after = After::kEnds;
  std::string_view call_context{};  // fits behind the arguments
};

// Fills the slot with a request and clears all that an earlier invocation left
// in the header and the log area. The caller sets `state` afterwards.
// `arguments_fd`: kInSlot, and `arguments` are copied (at most kPayloadCapacity
// bytes); else the clone's descriptor, and only their length is noted.
void place_request(SlotHeader& slot, const Request& request, std::int32_t arguments_fd);

}  // namespace fw::args
