// An invocation that is not answered yet.
#pragma once

#include <cstdint>

#include "pool/call.h"

namespace fw::pool {

struct Pending {
  Call call;
  Done done;
  std::uint64_t arrived_ns = 0;  // CLOCK_MONOTONIC
  bool tried = false;            // a parked clone ended before it took the arguments
};

}  // namespace fw::pool
