// From the instants of an invocation to the durations of its phases.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "args/timeline.h"

namespace fw::store {

struct Phase {
  std::string_view name;
  double microseconds;
};

// In order of time, those that happened: spawn, check, map, descriptors, threads,
// resume, reseed, load, handler, answer, deliver; `total` is the last, from the
// request to `received_ns`, when the requester had the answer. An instant that is
// missing or not in order (a clone writes them) joins its phase to the next one,
// so the phases always add up to the total.
std::vector<Phase> phases_of(const args::Timeline& timeline, std::uint64_t received_ns);

}  // namespace fw::store
