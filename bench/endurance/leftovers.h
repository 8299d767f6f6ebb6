// What a process could leave behind, counted.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <vector>

#include "base/result.h"

namespace fw::bench {

struct Leftovers {
  std::uint64_t descriptors = 0;  // open in the process
  std::uint64_t processes = 0;    // children of the process, dead ones included
  // Bytes in memfds that the process has open or mapped; of this one also in /dev/shm, in
  // SysV segments, and in `cache`.
  std::uint64_t shared_memory = 0;
};

// From now on a process whose parent ends becomes our child, and so is counted.
Status adopt_orphans();

// Of this process. `cache`: a folder on tmpfs, or empty.
Result<Leftovers> count_leftovers(const std::filesystem::path& cache);

// Of another process, of this user's.
Result<Leftovers> count_leftovers_of(pid_t pid);

Result<std::vector<pid_t>> children_of(pid_t pid);

}  // namespace fw::bench
