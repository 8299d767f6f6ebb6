// Rounds: several kinds of measurements take turns, so that whatever drifts on a
// shared machine hits all of them alike.
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "base/result.h"

namespace fw::bench {

struct Lane {
  std::size_t total = 0;                       // samples to take in all rounds together
  std::function<Status(std::size_t)> measure;  // takes so many
};

// In each round, each lane in order takes its share. Stops at the first failure,
// and between measurements when the user wants it (interrupt.h).
Status run_rounds(const std::vector<Lane>& lanes, std::size_t rounds);

}  // namespace fw::bench
