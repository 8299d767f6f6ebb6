// Hot calls: one clone that is asked again and again, and between two calls is reset to
// its image, or is not. The difference is what a reset costs.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "base/result.h"
#include "bench/figure.h"
#include "bench/serving/fork_boots.h"

namespace fw::bench {

inline constexpr std::size_t kHotWarmUp = 50;  // calls of each clone that do not count

struct HotCalls {
  std::string key;   // "nop.reset", "nop.parked"
  std::string what;  // "NOP"
  args::After after = args::After::kResets;
  const ForkBoots* boots = nullptr;  // where clones come from
  std::vector<double> call_us{};
  std::vector<double> handler_us{};
  std::vector<double> reset_pages{};
  std::array<std::size_t, 6> boot_counts{};  // by args::Boot
  std::size_t without_jit = 0;               // did not run all that training compiled
};

// Two for each function: of clones that are reset, and of clones that stay as they are.
std::vector<HotCalls> make_hot_calls(const std::vector<ForkBoots>& boots);

// Forks a clone and makes `count` calls of it. A call's time is from the answer before it
// until its own, so that the reset, which comes after an answer, is in it, as it is in the
// throughput of one clone.
Status measure(HotCalls& calls, std::size_t count);

// Adds KEY.call and KEY.handler; of resets also KEY.pages, KEY.fast, KEY.scan, KEY.full
// (percent of all) and KEY.without_jit.
void report(const std::vector<HotCalls>& all, Figures& figures);

}  // namespace fw::bench
