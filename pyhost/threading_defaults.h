// Native libraries of Python that start threads at import.
#pragma once

namespace fw::pyhost {

// Has OpenBLAS and Numba's parallel layer work with one thread, by the environment
// variables they read when they are imported; a value of the function's own wins.
// Results are the same: how work is divided among threads is not part of what these
// libraries promise. Threads would be captured and revived, but each costs every
// restore, and an invocation of a few milliseconds gains nothing from them.
//
// Numba: its OpenMP layer is the only one that with one thread starts none.
void limit_threads();

}  // namespace fw::pyhost
