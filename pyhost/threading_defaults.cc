#include "pyhost/threading_defaults.h"

#include <cstdlib>

namespace fw::pyhost {

void limit_threads() {
  constexpr int kKeep = 0;
  ::setenv("OPENBLAS_NUM_THREADS", "1", kKeep);
  ::setenv("OMP_NUM_THREADS", "1", kKeep);
  ::setenv("NUMBA_NUM_THREADS", "1", kKeep);
  ::setenv("NUMBA_THREADING_LAYER", "omp", kKeep);
}

}  // namespace fw::pyhost
