// The programs of fwrun's that are measured.
#pragma once

#include <filesystem>

#include "base/result.h"

namespace fw::bench {

struct Programs {
  std::filesystem::path restorer;
  std::filesystem::path host;
  std::filesystem::path floor;
  std::filesystem::path fwrun;
};

// Beside this one.
Result<Programs> find_programs();

}  // namespace fw::bench
