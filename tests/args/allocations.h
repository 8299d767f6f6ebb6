// Counts what operator new is asked for in this test program, by any thread.
#pragma once

namespace fw::args {

long allocations();

}  // namespace fw::args
