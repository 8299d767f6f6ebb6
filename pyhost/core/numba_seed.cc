#include "pyhost/core/numba_seed.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <vector>

namespace fw::pyhost {
namespace {

using Init = void (*)(void* state, unsigned int seed);

std::atomic<Init> numba_init{nullptr};

struct Seeded {
  std::mutex lock;
  std::vector<const void*> states;
};

// Never destroyed: threads may end after the process began to exit.
Seeded& seeded() {
  static auto* const kAll = new Seeded;
  return *kAll;
}

// The states that this thread seeded, forgotten when it ends.
struct OwnStates {
  OwnStates() = default;
  OwnStates(const OwnStates&) = delete;
  OwnStates& operator=(const OwnStates&) = delete;

  ~OwnStates() {
    if (states.empty()) return;
    const std::lock_guard guard(seeded().lock);
    std::erase_if(seeded().states, [this](const void* state) { return holds(state); });
  }

  bool holds(const void* state) const {
    return std::find(states.begin(), states.end(), state) != states.end();
  }

  std::vector<const void*> states;
};

thread_local OwnStates own_states;

extern "C" void fw_numba_init_watched(void* state, unsigned int seed) {
  numba_init.load(std::memory_order_acquire)(state, seed);
  if (own_states.holds(state)) return;
  own_states.states.push_back(state);
  const std::lock_guard guard(seeded().lock);
  seeded().states.push_back(state);
}

}  // namespace

extern "C" std::uintptr_t fw_numba_seed_watch(std::uintptr_t original) {
  numba_init.store(reinterpret_cast<Init>(original), std::memory_order_release);
  return reinterpret_cast<std::uintptr_t>(&fw_numba_init_watched);
}

extern "C" int fw_numba_seeded(std::uintptr_t state) {
  const std::lock_guard guard(seeded().lock);
  const auto& states = seeded().states;
  const auto* const wanted = reinterpret_cast<const void*>(state);
  return std::find(states.begin(), states.end(), wanted) != states.end() ? 1 : 0;
}

}  // namespace fw::pyhost
