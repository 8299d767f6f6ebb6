#include <unistd.h>

#include <array>
#include <filesystem>

#include "fwrun/commands.h"
#include "fwrun/output.h"
#include "store/catalog.h"
#include "store/executables.h"

namespace fw::cli {

namespace {

constexpr std::string_view kBench = "fwrun-bench";

// Becomes the benchmark, a program of its own so that this one stays small. It
// reports, and ends with the codes of this one. Returns only when that fails.
Error become_bench(const std::string& function, bool json) {
  const Result<std::filesystem::path> program = store::find_executable(kBench);
  if (!program) return program.error();
  std::array<const char*, 5> words{kBench.data(), "--function", function.c_str(),
                                   json ? "--json" : nullptr, nullptr};
  ::execv(program->c_str(), const_cast<char* const*>(words.data()));
  return Error::from_errno("start " + program->string());
}

}  // namespace

int run_bench(const store::Home& home, const Options& options) {
  if (const auto version = store::open_current(home, options.subject); !version) {
    return report_error(options.json, version.error());
  }
  return report_error(options.json, become_bench(options.subject, options.json));
}

}  // namespace fw::cli
