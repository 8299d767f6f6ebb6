#include "base/scheduling.h"

#include <sys/syscall.h>
#include <unistd.h>

namespace fw::sys {

int ask_for_short_turns(std::uint64_t ns) {
  // struct sched_attr, version 0: linux/sched/types.h clashes with sched.h.
  struct {
    std::uint32_t size;
    std::uint32_t policy;
    std::uint64_t flags;
    std::int32_t nice;
    std::uint32_t priority;
    std::uint64_t runtime;
    std::uint64_t deadline;
    std::uint64_t period;
  } attributes{};
  constexpr std::uint64_t kResetOnFork = 1;
  attributes.size = sizeof attributes;
  attributes.flags = kResetOnFork;
  attributes.runtime = ns;
  return static_cast<int>(::syscall(SYS_sched_setattr, 0, &attributes, 0));
}

}  // namespace fw::sys
