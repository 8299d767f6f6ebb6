// MemoryWatch: how much memory is left, for who must give some up before the kernel takes
// it by force.
//
// Left is the least of what the machine has (MemAvailable) and of what each cgroup that
// this process is in, and those above it, leave below their limits. Page cache that the
// kernel gives back at once (inactive_file) does not count as used, as all images that
// are mapped but not running are such.
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"

namespace fw::pool {

class MemoryWatch {
 public:
  // Of the cgroups that the process is in now. kSystem when /proc cannot be read. `proc` is
  // for tests: a folder with meminfo, pressure/ and self/.
  static Result<MemoryWatch> open(const std::filesystem::path& proc = "/proc");

  // Bytes; a few system calls, some 20 us. kSystem when something cannot be read any more,
  // kInternal when it is not understood. Any thread.
  Result<std::uint64_t> available() const;

  // The same without anything in use: what the machine has, or the lowest limit.
  Result<std::uint64_t> total() const;

  // POLLPRI when tasks of this process's cgroup (version 2), else of the machine, stalled
  // for lack of memory for a tenth of a second or two; at most once in one or two seconds.
  // -1 where the kernel has no pressure stall information, or none for this user. POLLERR:
  // the cgroup is gone, and nothing more will come. Owned by the watch.
  int pressure_fd() const { return pressure_.get(); }

 private:
  // One cgroup's files, kept open: a look is a pread.
  struct Level {
    UniqueFd limit;
    UniqueFd high;  // version 2: where throttling begins
    UniqueFd usage;
    UniqueFd stat;
    const char* cache_name;  // of reclaimable cache, with that of cgroups below, in stat
  };
  MemoryWatch() = default;
  Status add_levels(const std::filesystem::path& proc);
  static Result<std::uint64_t> limit_of(const Level& level);
  static Result<std::uint64_t> left_in(const Level& level);
  Result<std::uint64_t> machine(const char* name) const;

  UniqueFd meminfo_;
  std::vector<Level> levels_;
  UniqueFd pressure_;
};

}  // namespace fw::pool
