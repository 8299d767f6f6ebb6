// What the functions of one worker share with it.
#pragma once

#include <cstdint>
#include <functional>
#include <mutex>

#include "pool/event_set.h"
#include "pool/pending.h"
#include "pool/shared.h"
#include "pool/stats.h"
#include "pool/zygotes.h"

namespace fw::pool {

struct WorkerParts {
  Shared& shared;
  EventSet& events;
  Zygotes& zygotes;
  unsigned index = 0;

  std::mutex& stats_mutex;  // held for a moment by whoever touches `stats`
  PoolStats& stats;

  // Runs it later, in the loop.
  std::function<void(std::function<void()>)> post;
  // Has time_out() of all functions called at this instant or later.
  std::function<void(std::uint64_t deadline_ns)> watch_deadline;
  // Hands an invocation to another worker; its `done` is called here all the same.
  std::function<void(unsigned worker, Pending)> forward;
};

}  // namespace fw::pool
