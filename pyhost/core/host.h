// Host: the process as the core module sees it. One object, living until the process
// ends.
#pragma once

#include <atomic>
#include <cstdint>

#include "args/repository.h"
#include "embed/host.h"
#include "embed/watchdog.h"

namespace fw::pyhost {

struct Host : embed::Host {
  using embed::Host::Host;

  std::uint64_t started_ns = 0;
  embed::Watchdog* watchdog = nullptr;
  std::atomic<int> interrupting = 0;    // threads that look at the main one for the watchdog
  bool told_call_context = false;       // Python knows of one
  args::Jit jit = args::Jit::kNothing;  // of an invocation that loses nothing
};

}  // namespace fw::pyhost
