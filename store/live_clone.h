// LiveClone: a process restored from an image that serves one invocation after the
// other. For measuring what an invocation costs once its process is there, and what
// a process costs that has served some. Invocations of users get a process each:
// what one leaves in memory, the next would find.
#pragma once

#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "store/image_process.h"
#include "store/invoke.h"

namespace fw::store {

// One thread at a time. The destructor kills and reaps the process.
class LiveClone {
 public:
  // Restores a process and has it serve the request; first() is how that went. Fails
  // as invoke_image() does. Descriptors and restorer of the request are not needed
  // afterwards.
  static Result<LiveClone> start(const InvokeRequest& request);
  const Invoked& first() const { return first_; }

  // The next invocation, in the same process and with the timeout of the first. Faults
  // are counted from the process's start. kDied when it has ended: no handler of it
  // will ever run again. kBadInput when the arguments do not fit into a slot.
  Result<Invoked> invoke(std::string_view arguments);

  // False once it has ended: by itself, or killed after a timeout or an answer that
  // made no sense.
  bool running() const { return process_.running(); }
  pid_t pid() const { return process_.pid(); }

  // KiB of memory that exist because this process does: `Anonymous` and `Swap` of
  // /proc/PID/smaps_rollup, which are the pages of image and libraries that it wrote
  // to and thereby copied, and what it allocated. Not in it: pages that it only read
  // (they are the page cache's, and all clones share them, even if it is the only
  // one now), its slot, its page tables and other memory of the kernel's.
  Result<std::uint64_t> private_kb() const;

 private:
  LiveClone(ImageProcess process, Invoked first, std::uint64_t timeout_ms)
      : process_(std::move(process)), first_(std::move(first)), timeout_ms_(timeout_ms) {}

  ImageProcess process_;
  Invoked first_;
  std::uint64_t timeout_ms_;
};

}  // namespace fw::store
