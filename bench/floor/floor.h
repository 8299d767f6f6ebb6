// The floor: what it costs here to start and end any process at all.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "bench/figure.h"

namespace fw::bench {

// `count` samples in microseconds of `what` ("fork", "exec"), taken by the helper
// executable (floor_main.cc).
Result<std::vector<double>> measure_floor(const std::filesystem::path& helper,
                                          const std::string& what, std::size_t count);

// Samples of both kinds, gathered in turn with other things.
struct Floor {
  std::filesystem::path helper;
  std::vector<double> fork_us{};
  std::vector<double> exec_us{};

  Status measure_fork(std::size_t count);
  Status measure_exec(std::size_t count);
  void report(Figures& figures) const;
};

}  // namespace fw::bench
