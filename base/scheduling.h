// What a thread asks of the scheduler.
#pragma once

#include <cstdint>

namespace fw::sys {

// sched_setattr(2): the calling thread, of the ordinary policy, asks for turns of `ns` on its
// CPU (Linux 6.12; before that without effect). A thread with short turns gets one sooner
// after it was woken. Processes that it starts have ordinary ones. 0, or -1 with errno.
int ask_for_short_turns(std::uint64_t ns);

}  // namespace fw::sys
