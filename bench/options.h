// The command line of fwrun-bench.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"

namespace fw::bench {

struct Options {
  bool help = false;
  bool quick = false;
  bool json = false;
  std::vector<std::string> functions;
  std::filesystem::path results;  // empty: none, or the usual place
  std::filesystem::path readme;   // empty: measure
  std::filesystem::path folder;   // empty: beside the folder of the executable
};

// kBadInput says what is wrong.
Result<Options> parse_options(int argc, char** argv);

extern const char* const kHelp;

}  // namespace fw::bench
