#include "bench/peers/cold.h"

#include <string_view>
#include <utility>

#include "base/clock.h"
#include "base/files.h"
#include "bench/embedded_files.h"
#include "bench/program.h"

namespace fw::bench {

Result<std::filesystem::path> write_cold_script(store::Language language,
                                                const std::filesystem::path& folder) {
  const std::string_view name = language == store::Language::kPython ? "cold.py" : "cold.js";
  const std::filesystem::path path = folder / name;
  FW_TRY(write_file_atomically(path, embedded_file("bench/peers/" + std::string(name))));
  return path;
}

Result<ColdAnswer> call_cold(const ColdCall& call) {
  Program program{call.program, call.arguments};
  for (const std::string& word :
       {call.script.string(), call.file.string(), call.handler, call.event}) {
    program.arguments.push_back(word);
  }
  FW_TRY_ASSIGN(Finished finished, run(program));
  finished.output.resize(finished.output.find('\n'));
  return ColdAnswer{static_cast<double>(finished.first_line_ns) / kNsPerUs,
                    static_cast<double>(finished.end_ns) / kNsPerUs, std::move(finished.output)};
}

}  // namespace fw::bench
