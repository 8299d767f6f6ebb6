// Ending early without leaving anything behind: a signal to end is noted, and the
// measurement under way notices it and returns through all owners.
#pragma once

#include "base/result.h"

namespace fw::bench {

// SIGINT, SIGTERM and SIGHUP are noted from now on. A second one ends the process
// at once.
void catch_interrupts();

// kTimeout when there was one.
Status check_interrupt();

}  // namespace fw::bench
