#pragma once

#include <cstdint>

// Which of Numba's random number generators user code seeded itself.
//
// Code compiled by Numba seeds through the symbol `numba_rnd_init`,
//
//     void numba_rnd_init(rnd_state_t* state, unsigned int seed);
//
// whereas the generators' own start from the operating system's entropy calls that
// function within Numba's library, not through the symbol. So a function that stands for
// the symbol sees exactly the explicit seeds. It runs without the interpreter lock, in
// any thread.
//
// The states belong to threads. What is remembered of a thread's is forgotten when the
// thread ends, as its memory may then become another thread's unseeded state.

namespace fw::pyhost {

extern "C" {

// The address of the function that is to stand for `original`, the address of
// numba_rnd_init. There is one `original` in a process: a later call replaces it.
std::uintptr_t fw_numba_seed_watch(std::uintptr_t original);

// 1 if the state at that address was seeded through the watch, else 0. Any thread.
int fw_numba_seeded(std::uintptr_t state);
}

}  // namespace fw::pyhost
