#include <unistd.h>

#include <filesystem>

#include "fwrun/commands.h"
#include "fwrun/output.h"
#include "store/executables.h"

namespace fw::cli {

// The daemon is a program of its own, so that this one, which starts for every invocation
// of the command line, stays small.
int become_daemon(char** argv, bool json) {
  const Result<std::filesystem::path> program = store::find_executable(store::kDaemon);
  if (!program) return report_error(json, program.error());
  ::execv(program->c_str(), argv);
  return report_error(json, Error::from_errno("start " + program->string()));
}

}  // namespace fw::cli
