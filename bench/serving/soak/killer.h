// Kills clones of a daemon at random, as the kernel might when memory is short.
#pragma once

#include <sys/types.h>

#include <cstddef>
#include <random>

#include "base/result.h"

namespace fw::bench {

class Killer {
 public:
  explicit Killer(pid_t daemon) : daemon_(daemon) {}

  // SIGKILL to one clone, if there is any: a child of the daemon with a slot in its
  // memory, which templates and zygotes have not.
  Status kill_one();

  std::size_t killed() const { return killed_; }

 private:
  pid_t daemon_;
  std::size_t killed_ = 0;
  std::mt19937_64 random_{4711};
};

}  // namespace fw::bench
