// What a daemon holds, at one moment.
#pragma once

#include <sys/types.h>

#include <cstdint>

#include "base/result.h"
#include "bench/endurance/leftovers.h"

namespace fw::bench {

struct DaemonState {
  Leftovers held;                   // descriptors, processes, bytes of its memfds
  std::uint64_t private_bytes = 0;  // memory of its own (Anonymous of smaps_rollup)
  std::uint64_t shared_bytes = 0;   // Shmem of the whole system: memfds, tmpfs, SysV
};

Result<DaemonState> look_at(pid_t daemon);

// Waits until the daemon has no more than this many children and, by its policies, neither
// clones nor templates, which is `at_most` zygotes; then looks. kTimeout after `patience_ns`.
Result<DaemonState> look_when_idle(pid_t daemon, std::size_t at_most, std::uint64_t patience_ns);

}  // namespace fw::bench
