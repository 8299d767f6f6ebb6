#include "bench/peers/cold.h"

#include "base/clock.h"
#include "base/files.h"
#include "bench/embedded_files.h"
#include "bench/program.h"

namespace fw::bench {

Status write_cold_script(const std::filesystem::path& path) {
  return write_file_atomically(path, embedded_file("bench/peers/cold.js"));
}

Result<ColdAnswer> call_cold(const ColdCall& call) {
  FW_TRY_ASSIGN(
      Finished finished,
      run({call.node, {call.script.string(), call.file.string(), call.handler, call.event}}));
  finished.output.resize(finished.output.find('\n'));
  return ColdAnswer{static_cast<double>(finished.first_line_ns) / kNsPerUs,
                    static_cast<double>(finished.end_ns) / kNsPerUs, std::move(finished.output)};
}

}  // namespace fw::bench
