// What is told of many samples of one thing. Never a mean, never the best.
#pragma once

#include <cstddef>
#include <vector>

namespace fw::bench {

struct Summary {
  std::size_t count = 0;
  double p50 = 0;  // the median; between two middle samples, their mean
  double p99 = 0;  // the smallest sample that at least 99 % of all do not exceed
};

// Zeros when there are no samples. Samples must be numbers (no NaN).
Summary summarise(std::vector<double> samples);

}  // namespace fw::bench
