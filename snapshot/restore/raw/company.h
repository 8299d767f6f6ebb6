// The company of the thread that resets: other threads and child processes.
#pragma once

namespace fw::raw {

// Proves that this thread is the only one, and that nobody else has this memory.
bool is_alone();

// Ends all other threads and all children, and waits until they are gone.
void end_company();

// Orphans of the program's children become ours, so that they are found.
void adopt_orphans();

}  // namespace fw::raw
