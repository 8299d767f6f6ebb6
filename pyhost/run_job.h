// Runs an install in this process: boots CPython and hands over to fwrun_host.
#pragma once

#include "base/unique_fd.h"

namespace fw::pyhost {

// Does not return when the install is answered. 1: not even an answer was possible.
int run_job(UniqueFd job, UniqueFd slot);

}  // namespace fw::pyhost
