// Which memory cgroups this process is in, as folders that can be read: its own and
// those above, up to where they are mounted.
#pragma once

#include <filesystem>
#include <vector>

#include "base/result.h"

namespace fw::pool {

struct MemoryCgroup {
  bool unified = false;  // version 2
  std::filesystem::path folder;
};

// The process's own first. Empty when none is mounted, or its cgroup is not visible from
// here. Version 1's when memory is controlled by that. `proc` is /proc/self.
Result<std::vector<MemoryCgroup>> memory_cgroups(const std::filesystem::path& proc);

// The process's own of version 2, whatever is controlled there; an empty path when there
// is none.
Result<std::filesystem::path> unified_cgroup(const std::filesystem::path& proc);

}  // namespace fw::pool
