// fwrun-daemon: what `fwrun --serve` and `fwrun --openwhisk` become.
#include <cstdio>

#include "fwrun/daemon/daemon.h"
#include "fwrun/exit_code.h"

namespace {

int code_of(const fw::Error& error) {
  using namespace fw::cli;
  switch (error.code()) {
    case fw::Errc::kBadInput:
      return kBadUsage;
    case fw::Errc::kNotFound:
      return kNotFound;
    case fw::Errc::kRefused:
      return kRefused;
    default:
      return kInternal;
  }
}

fw::Status run(int argc, char** argv) {
  FW_TRY_ASSIGN(const fw::daemon::Options options, fw::daemon::parse_options(argc, argv));
  FW_TRY_ASSIGN(const fw::store::Home home, fw::store::Home::from_environment());
  FW_TRY(home.create());
  return fw::daemon::serve(home, options);
}

}  // namespace

int main(int argc, char** argv) {
  const fw::Status served = run(argc, argv);
  if (served) return fw::cli::kOk;
  std::fprintf(stderr, "fwrun: %s\n", served.error().message().c_str());
  return code_of(served.error());
}
