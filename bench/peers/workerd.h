// workerd, a server that runs JavaScript functions isolated from each other inside of one
// process: had from npm, for the occasion.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "base/result.h"
#include "bench/functions/subject.h"
#include "bench/program.h"

namespace fw::bench {

struct Workerd {
  std::filesystem::path program;
  std::string version;
};

// Where it is kept between runs: $XDG_CACHE_HOME/fwrun-bench or ~/.cache/fwrun-bench.
std::filesystem::path peer_cache();

// What is installed in `folder`, and if nothing is, what npm installs there now, if that is
// wanted. kNotFound with the reason when there is no npm, or the registry cannot be
// reached.
Result<Workerd> find_workerd(const std::filesystem::path& folder, bool may_download);

// Writes the function's own file, wrapped as a worker, and a configuration into `folder`;
// returns how to serve them on the port. For functions of one file that exports `handler`.
Result<Program> workerd_program(const Workerd& workerd, const Subject& subject, std::uint16_t port,
                                const std::filesystem::path& folder);

}  // namespace fw::bench
