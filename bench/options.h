// The command line of fwrun-bench.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"

namespace fw::bench {

struct Options {
  bool help = false;
  bool quick = false;
  bool json = false;
  bool soak = false;
  std::string only;                 // "restore" or "serving"; empty: both
  std::size_t invocations = 0;      // of a soak; 0: as many as it has by itself
  std::uint64_t burst_seconds = 0;  // likewise
  std::vector<std::string> functions;
  std::filesystem::path results;  // empty: none, or the usual place
  std::filesystem::path readme;   // empty: measure
  std::filesystem::path folder;   // empty: beside the folder of the executable
};

// kBadInput says what is wrong.
Result<Options> parse_options(int argc, char** argv);

extern const char* const kHelp;

}  // namespace fw::bench
