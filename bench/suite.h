// The suite: everything that is measured of starting functions from image files,
// in one run. bench/README.md tells how and why.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "bench/report.h"

namespace fw::bench {

// Names of suites: of the examples, and of functions that the user named. Both have
// figures of the same names, so they do not go into the same results file.
inline constexpr const char* kRestoreSuite = "restore";
inline constexpr const char* kFunctionsSuite = "functions";

struct SuiteOptions {
  bool quick = false;
  std::vector<std::string> functions;  // installed ones; empty: the examples
  std::filesystem::path folder;        // where to work: its file system is measured
};

// Told what is being done, a line at a time.
using Progress = std::function<void(std::string_view)>;

// Changes the process for good (namespaces, CPU, signals): call it once, before
// there are threads. Whatever it makes in `folder` is gone when it returns.
Result<Report> run_suite(const SuiteOptions& options, const Progress& progress);

}  // namespace fw::bench
