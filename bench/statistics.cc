#include "bench/statistics.h"

#include <algorithm>

namespace fw::bench {

Summary summarise(std::vector<double> samples) {
  Summary summary;
  summary.count = samples.size();
  if (samples.empty()) return summary;
  std::sort(samples.begin(), samples.end());
  const std::size_t middle = samples.size() / 2;
  summary.p50 =
      samples.size() % 2 == 1 ? samples[middle] : (samples[middle - 1] + samples[middle]) / 2;
  const std::size_t rank = (samples.size() * 99 + 99) / 100;  // rounded up, from 1
  summary.p99 = samples[rank - 1];
  return summary;
}

}  // namespace fw::bench
