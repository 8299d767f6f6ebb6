// Whether invocations ran the code that was compiled before the snapshot: counted over
// all invocations of a function in a run, those that warm up included.
#pragma once

#include <cstddef>
#include <string>

#include "args/repository.h"
#include "store/invoke.h"

namespace fw::bench {

struct JitTally {
  std::size_t calls = 0;
  std::size_t without = 0;  // that ran none of it, or not all
  std::size_t lost = 0;     // of these: not all
  std::string first_loss;   // JSON of the first that told what it lost; empty: none did

  void add(const store::Invoked& invoked) {
    ++calls;
    if (invoked.jit != args::Jit::kPostJit) ++without;
    if (invoked.jit != args::Jit::kLost) return;
    ++lost;
    if (first_loss.empty() && !invoked.jit_notes.empty()) first_loss = invoked.jit_notes.front();
  }
};

}  // namespace fw::bench
