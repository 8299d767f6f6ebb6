// Bursts: many simultaneous calls to functions that were never called, over a background
// of calls to a function that waits more than it works. None may fail, and the background
// should not notice. And one crowd of a thousand.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "bench/figure.h"
#include "store/home.h"

namespace fw::bench {

struct BurstPlan {
  std::uint64_t seconds = 120;      // in all, the quiet before the first burst included
  std::uint64_t every_seconds = 8;  // a burst
  std::uint64_t quiet_seconds = 16;
  std::size_t calls = 128;      // of a burst
  std::size_t per_second = 72;  // in the background
  std::size_t crowd = 1000;

  std::size_t bursts() const;
};

struct BurstFunctions {
  std::string background;
  std::vector<std::string> fresh;  // one for each burst: never called before
  std::string crowd;               // likewise
};

// Installs them: those of bursts in JavaScript and in Python by turns.
Result<BurstFunctions> install_for_bursts(const store::Home& home, const BurstPlan& plan,
                                          const std::filesystem::path& folder);

// Adds background.before and .during (latencies, their p99 alone as .before_p99 and
// .during_p99), background.failures, bursts.answer, bursts.last_answer (of each burst),
// bursts.failures, crowd.answer, crowd.last_answer, crowd.failures. Returns the first
// failure's text, empty if there is none.
Result<std::string> run_bursts(std::uint16_t port, const BurstPlan& plan,
                               const BurstFunctions& functions, Figures& figures);

}  // namespace fw::bench
