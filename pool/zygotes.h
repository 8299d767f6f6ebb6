// Zygotes: processes prepared for a restore, of any function: a new PID namespace with the
// restorer in it, waiting to be told an image.
//
// For its worker's thread. The destructor ends those that are left.
#pragma once

#include <filesystem>
#include <vector>

#include "base/process.h"
#include "base/unique_fd.h"
#include "pool/clone.h"

namespace fw::pool {

class Zygotes {
 public:
  Zygotes(std::filesystem::path restorer, unsigned wanted)
      : restorer_(std::move(restorer)), wanted_(wanted) {}

  // Prepares what is missing. kSystem when it cannot; invocations go on without.
  Status refill();
  std::size_t count() const { return ready_.size(); }

  // Starts the clone's process: in a zygote if there is one, and then `tier` is kWarm.
  Status restore(Clone& clone);

  void clear() { ready_.clear(); }

 private:
  struct Zygote {
    Process process;
    UniqueFd socket;
  };
  bool restore_in_zygote(Clone& clone, const fw_restore_request& request);

  std::filesystem::path restorer_;
  unsigned wanted_;
  std::vector<Zygote> ready_;
};

}  // namespace fw::pool
