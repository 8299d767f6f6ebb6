// How many samples are taken of each thing.
#pragma once

#include <cstddef>

namespace fw::bench {

struct Counts {
  std::size_t rounds;    // in which all that follows take turns
  std::size_t floor;     // fork, exit, wait; and half as many with exec
  std::size_t restores;  // of each function in each form
  std::size_t commands;  // whole runs of the command line, for each function
  std::size_t cold;      // cold processes, of each peer in each way; half of slow ones
  std::size_t warm_up;   // restores before anything counts, for each function and form
  std::size_t installs;  // of each example
  std::size_t mappings;  // processes whose mappings are counted
  std::size_t live;      // processes of each function that go on to serve many calls
  std::size_t endured;   // restores in a row
};

inline constexpr Counts kFullCounts{20, 2000, 1000, 100, 40, 50, 5, 5, 5, 10'000};
// Of functions that the user named, which may take their time.
inline constexpr Counts kFunctionCounts{10, 1000, 200, 20, 20, 5, 1, 3, 2, 500};
// Enough to see that everything works, and no more.
inline constexpr Counts kQuickCounts{2, 100, 20, 4, 2, 5, 1, 1, 1, 200};

}  // namespace fw::bench
