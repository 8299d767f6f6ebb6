// What a process could leave behind, counted.
#pragma once

#include <cstdint>
#include <filesystem>

#include "base/result.h"

namespace fw::bench {

struct Leftovers {
  std::uint64_t descriptors = 0;  // open in this process
  std::uint64_t processes = 0;    // children of this process, dead ones included
  // Bytes in memfds that this process has open or mapped, in /dev/shm, in SysV
  // segments, and in `cache`.
  std::uint64_t shared_memory = 0;
};

// From now on a process whose parent ends becomes our child, and so is counted.
Status adopt_orphans();

// `cache`: a folder on tmpfs, or empty.
Result<Leftovers> count_leftovers(const std::filesystem::path& cache);

}  // namespace fw::bench
