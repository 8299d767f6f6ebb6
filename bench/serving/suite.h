// The suite of serving: what forks and resets cost on one CPU, and what the daemon does
// over HTTP, under bursts and in a soak.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>

#include "base/result.h"
#include "bench/report.h"
#include "bench/suite.h"

namespace fw::bench {

inline constexpr const char* kServingSuite = "serving";
inline constexpr const char* kSoakSuite = "soak";

struct ServingOptions {
  bool quick = false;
  std::uint64_t burst_seconds = 0;  // 0: two minutes; quick: six seconds
  std::filesystem::path folder;     // where to work
};

// Changes the process for good (CPU, signals, orphans). Whatever it makes in `folder` is
// gone when it returns.
Result<Report> run_serving_suite(const ServingOptions& options, const Progress& progress);

struct SoakOptions {
  bool quick = false;
  std::size_t invocations = 0;  // 0: 1,000,000; quick: 3,000
  std::filesystem::path folder;
};
Result<Report> run_soak_suite(const SoakOptions& options, const Progress& progress);

}  // namespace fw::bench
