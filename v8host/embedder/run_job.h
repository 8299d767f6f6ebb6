// Installs one function in this process: see embed/job.h.
#pragma once

#include <string>

#include "base/unique_fd.h"

namespace fw::v8host {

// Reads the job, starts the engine, runs the host's JavaScript. Returns only when
// no slot could be had to answer through; what went wrong is on stderr then.
int run_job(const std::string& program, UniqueFd job, UniqueFd slot);

}  // namespace fw::v8host
