// Policy: how many clones a function has, and what becomes of one after its answer.
// A value; kept in functions/NAME/policy.json, as it is the function's and not a
// version's, and may change at any time.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "store/home.h"

namespace fw::pool {

enum class Reuse {
  kReset,  // a clone is reset to its image and serves the next invocation
  kNever,  // each invocation has a fresh process
};
std::string_view name_of(Reuse reuse);  // "reset", "never"
Result<Reuse> reuse_from(std::string_view name);

struct Policy {
  Reuse reuse = Reuse::kReset;
  std::uint32_t min_clones = 0;    // kept parked, ahead of demand, once the function was called
  std::uint32_t max_clones = 256;  // alive at once, running and parked, over all cores
  std::uint32_t max_queue = 1024;  // invocations that wait for a clone
  std::uint64_t idle_ms = 60'000;  // a clone above the minimum that is not used ends
  // A function that is not called loses its template, too.
  std::uint64_t template_idle_ms = 600'000;
};

// The default when none was set; kRefused when the file is damaged.
Result<Policy> load_policy(const store::Home& home, const std::string& function);

// kBadInput says which value is out of its range; kNotFound for an unknown function.
Status save_policy(const store::Home& home, const std::string& function, const Policy& policy);

}  // namespace fw::pool
