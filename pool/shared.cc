#include "pool/shared.h"

namespace fw::pool {

int Shared::better_worker(const FunctionShared& function, unsigned here, bool must,
                          bool worth) const {
  int best = -1;
  std::uint32_t most = 0;
  for (unsigned i = 0; i < worker_count; ++i) {
    if (i == here) continue;
    if (must) {
      const std::uint32_t clones = function.on_worker[i].load(std::memory_order_relaxed);
      if (clones > most) {
        most = clones;
        best = static_cast<int>(i);
      }
    } else if (worth && running_on[here].load(std::memory_order_relaxed) > 0 &&
               running_on[i].load(std::memory_order_relaxed) == 0) {
      return static_cast<int>(i);
    }
  }
  return best;
}

}  // namespace fw::pool
