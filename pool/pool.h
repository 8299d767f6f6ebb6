// Pool: installed functions, ready to be invoked. Chooses for each invocation the
// cheapest of four tiers:
//
//   hot    a parked clone, which was reset to its image since its last invocation
//   fork   a fork of the function's template (Catalyzer's sfork)
//   warm   a restore from the image into a process prepared for it
//   cold   a restore from the image, with nothing prepared
//
// Two functions never share a process, and neither do two versions of one.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include "base/result.h"
#include "pool/stats.h"
#include "pool/worker.h"
#include "store/home.h"

namespace fw::pool {

struct Options {
  store::Home home;
  unsigned workers = 0;              // 0: one for each core that this process may use
  std::uint32_t max_running = 4096;  // invocations under way, of all functions
  bool use_cache = false;            // images on a tmpfs with huge pages (snapshot/cache)
  bool use_templates = true;         // else no fork boot
  unsigned zygotes = 1;              // for each worker
  // Idle clones, then cold templates are given up when less memory than this is left to
  // the machine or the daemon's cgroup; 0: a twentieth of it.
  std::uint64_t low_memory_bytes = 0;
  std::filesystem::path restorer{};  // empty: the one beside this program
  bool check_resets = false;         // FW_RESTORE_CHECK_RESETS
};

class Pool {
 public:
  // Starts the workers' threads. kSystem when the restorer is missing or a thread cannot
  // be started.
  static Result<std::unique_ptr<Pool>> start(Options options);
  virtual ~Pool() = default;  // as close(0)

  virtual const store::Home& home() const = 0;
  virtual const std::vector<Worker*>& workers() = 0;

  // Any thread.
  virtual PoolStats stats() = 0;

  // Takes no more invocations, waits at most `patience_ms` for those under way, then
  // ends all processes and threads. Not from a worker's thread.
  virtual void close(std::uint64_t patience_ms) = 0;
};

}  // namespace fw::pool
