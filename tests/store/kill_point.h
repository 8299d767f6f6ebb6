// Kills a program at every point where it changes files, one run per point: the
// deterministic way to prove that kill -9 does no harm, whenever it comes.
#pragma once

#include <functional>

namespace fw::testing {

// Runs `body` (which may exec) in a child process that is traced, and kills it
// with SIGKILL just before its system call number `n` (from 0) that could change
// a file, a lock or start a process. What the child itself starts is not traced.
// Returns true when it was killed, false when it ended by itself before; in both
// cases it has been reaped.
bool kill_before_change(int n, const std::function<void()>& body);

}  // namespace fw::testing
