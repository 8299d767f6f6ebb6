// Daemon: everything that serves, in the order in which it begins and ends.
#pragma once

#include "fwrun/daemon/options.h"
#include "store/home.h"

namespace fw::daemon {

// Serves until SIGTERM or SIGINT, then answers what is under way and returns. A second
// signal ends it at once. Prints where it listens on standard output.
Status serve(const store::Home& home, const Options& options);

}  // namespace fw::daemon
