// The watch: knows whether the program made system calls that matter to a reset.
#pragma once

#include "snapshot/image/format.h"

namespace fw::raw {

// Lets the program ask for it (resident.watch_entry). Until then it costs nothing, and
// nothing of it shows: not in the actions of signals, not in the time of system calls.
void offer_watch();

// Of the calling thread, from now until a call ends it; where the kernel or the image
// does not permit it, nothing is watched, and every reset is a full one.
void start_watch();

// Whether nothing but memory can have changed since.
bool only_memory_changed();

// Begins anew after a reset that proved only_memory_changed().
void go_on_watching();

}  // namespace fw::raw
