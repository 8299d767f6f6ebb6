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

// Waits until the daemon has, by its policies, neither clones nor templates, so that no
// more than `at_most` children are left, its zygotes; then looks. kTimeout after
// `patience_ns`.
Result<DaemonState> look_when_idle(pid_t daemon, std::size_t at_most, std::uint64_t patience_ns);

// The same, and goes on to wait until nothing is held beyond `before`: what was used gets
// closed a little later than its process ends. What is still held after `patience_ns` is
// in the answer.
Result<DaemonState> look_when_settled(pid_t daemon, std::size_t at_most, const DaemonState& before,
                                      std::uint64_t patience_ns);

}  // namespace fw::bench
