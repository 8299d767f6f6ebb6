#include "bench/programs.h"

#include "store/executables.h"

namespace fw::bench {

Result<Programs> find_programs() {
  Programs programs;
  FW_TRY_ASSIGN(programs.restorer, store::find_executable(store::kRestorer));
  FW_TRY_ASSIGN(programs.host, store::find_executable(store::kV8Host));
  FW_TRY_ASSIGN(programs.floor, store::find_executable("fwrun-bench-floor"));
  FW_TRY_ASSIGN(programs.fwrun, store::find_executable("fwrun"));
  return programs;
}

}  // namespace fw::bench
