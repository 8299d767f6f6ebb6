// How the command ends; `fwrun --help` and the README tell the same.
#pragma once

namespace fw::cli {

enum ExitCode : int {
  kOk = 0,
  kFunctionError = 1,  // the function threw, exited or crashed
  kBadUsage = 2,       // options, arguments or files given are wrong
  kTimedOut = 3,       // the function did not answer within its time
  kNotFound = 4,       // no such function
  kRefused = 5,        // its image is damaged, or does not fit this machine
  kInstallFailed = 6,  // nothing was changed
  kInternal = 70,      // the system or fwrun itself failed
};

}  // namespace fw::cli
