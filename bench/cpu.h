// Which CPUs this process, and whatever it starts, may run on; and warming up.
#pragma once

#include <sched.h>

#include "base/result.h"

namespace fw::bench {

class Cpus {
 public:
  // Those that the calling thread may use now.
  static Result<Cpus> allowed();

  // Restricts all threads of this process to one of them, the last: interrupts tend
  // to be handled by the first.
  Status pin() const;
  // Allows all of them again.
  Status unpin() const;

  int pinned() const { return last_; }
  int count() const { return CPU_COUNT(&all_); }

 private:
  cpu_set_t all_{};
  int last_ = 0;
};

// Touches memory that the processes to be measured will use: the first touch of a
// page that a virtual machine never used costs several times more than any later.
void warm_memory();

}  // namespace fw::bench
