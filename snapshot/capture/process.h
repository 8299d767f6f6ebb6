// State of the process as a whole: memory fields, signals, timers, vdso, machine;
// and whether there is any that no image can carry.
#pragma once

#include <cstdint>
#include <memory_resource>

#include "snapshot/capture/draft.h"
#include "snapshot/capture/refusal.h"

namespace fw::capture {

// What fw_snapshot_here() saw before it changed anything itself.
struct CallerState {
  std::uint64_t signal_mask = 0;
  std::uint64_t altstack[3] = {};
  image::SignalAction signals[image::kSignals] = {};
};

void note_caller_state(CallerState* state);

// Children, pending signals, POSIX timers, a tracer: refused by name.
bool refuse_uncarried_state(std::pmr::memory_resource* memory, Refusal* refusal);

// Fills the header of the draft, its auxv, cwd and signals.
bool capture_process(std::pmr::memory_resource* memory, const CallerState& caller, Draft* draft,
                     Refusal* refusal);

}  // namespace fw::capture
