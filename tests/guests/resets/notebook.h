// Guests that are reset. Their memory forgets what happened, so they keep count in a
// notebook: an external range, which the driver reads while and after they run.
#pragma once

#include <cstddef>
#include <cstdint>

namespace fw::guest {

inline constexpr std::uint32_t kNotebookTag = 5;
inline constexpr std::size_t kNotebookBytes = 4096;

struct Notebook {
  // Set by the driver.
  char deed[64];         // what the guest does between two resets
  std::uint32_t wanted;  // rounds to go
  std::uint32_t watch;   // 1: what it does is watched
  // Set by the guest.
  std::uint32_t rounds;
  std::uint32_t woken[6];  // how often, by fw_snapshot_how
  std::uint32_t last_how;
  std::uint32_t most_pages;   // brought back by one reset
  std::uint32_t descriptors;  // open after the last reset
  std::uint32_t mappings;
  std::uint32_t first_descriptors;  // the same after the first one
  std::uint32_t first_mappings;
  std::uint64_t total_ns;     // of all resets, from asking for it to waking up
  std::uint64_t scratch[16];  // whatever a deed wants to remember
};

// What a guest does to the process, and afterwards the reset must have undone.
struct Deed {
  const char* name;
  void (*run)(Notebook* notebook);
};

// Captures this process with a notebook; in each restored one goes through the rounds,
// doing the deed that the notebook names, and ends with 0. `inspect` runs after each
// awakening.
int be_reset(const char* image, const Deed* deeds, std::size_t count,
             void (*inspect)(Notebook* notebook) = nullptr);

}  // namespace fw::guest
