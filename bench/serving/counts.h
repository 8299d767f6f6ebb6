// How many samples are taken of each thing in the suite of serving.
#pragma once

#include <cstddef>

#include "bench/serving/bursts.h"

namespace fw::bench {

struct ServingCounts {
  std::size_t rounds;       // in which all of one CPU take turns
  std::size_t floor;        // fork, exit, wait
  std::size_t handoffs;     // there and back
  std::size_t boots;        // fork boots of each function
  std::size_t hot;          // calls of each function, reset and not
  std::size_t warm_up;      // fork boots before anything counts
  std::size_t http_rounds;  // seconds of HTTP for those that are compared
  std::size_t http_others;  // for the others
  BurstPlan bursts;
};

inline constexpr ServingCounts kFullServing{20, 1000, 20'000, 1000, 5000, 20, 6, 2, {}};
inline constexpr ServingCounts kQuickServing{2, 100, 200, 10, 40, 2, 1, 1, {6, 2, 2, 16, 72, 50}};

}  // namespace fw::bench
