// fwrun: the command line.
#include "fwrun/commands.h"
#include "fwrun/daemon/options.h"
#include "fwrun/output.h"

#include <nlohmann/json.hpp>

namespace {

using namespace fw;
using namespace fw::cli;

int run(const Options& options) {
  if (options.command == Command::kHelp) {
    return print_result(options.json ? to_line({{"help", kHelp}}) : kHelp, kOk);
  }
  if (options.command == Command::kVersion) {
    return print_result(
        options.json ? to_line({{"version", FWRUN_VERSION}}) : "fwrun " FWRUN_VERSION "\n", kOk);
  }
  const Result<store::Home> home = store::Home::from_environment();
  if (!home) return report_error(options.json, home.error());
  switch (options.command) {
    case Command::kInstall:
      return run_install(*home, options);
    case Command::kInvoke:
      return run_invoke(*home, options);
    case Command::kList:
      return run_list(*home, options);
    case Command::kShow:
      return run_show(*home, options);
    case Command::kConfigure:
      return run_configure(*home, options);
    case Command::kRemove:
      return run_remove(*home, options);
    case Command::kVerify:
      return run_verify(*home, options);
    case Command::kBench:
      return run_bench(*home, options);
    case Command::kHelp:
    case Command::kVersion:
      break;
  }
  return kInternal;
}

}  // namespace

int main(int argc, char** argv) {
  if (daemon::is_for_daemon(argc, argv)) return become_daemon(argv, wants_json(argc, argv));
  const Result<Options> options = parse_options(argc, argv);
  if (!options) return report_error(wants_json(argc, argv), options.error());
  return run(*options);
}
