// A process restored from an image, the slot it is given its arguments in, and where
// its output goes: what invoke_image() and LiveClone are made of.
#pragma once

#include <string>
#include <string_view>

#include "args/shm/slot.h"
#include "base/process.h"
#include "base/result.h"
#include "store/invoke.h"
#include "store/outcome.h"

namespace fw::store {

// One thread at a time. The destructor kills and reaps the process.
class ImageProcess {
 public:
  // Is the process to end with its answer, or to wait for a next invocation?
  enum class After { kEnds, kStays };

  // Restores the process and has it serve the request. It is gone afterwards, except
  // after an answer of one that stays.
  static Result<ImageProcess> start(const InvokeRequest& request, After after, Invoked& first);

  // The same process serves the next arguments, if it stays. Instants of the restore
  // are 0. kDied when it is gone; kBadInput when the arguments do not fit into the
  // slot, and then it can go on.
  Result<Invoked> serve(std::string_view arguments, std::uint64_t timeout_ms);

  // Whether it was there after the last invocation.
  bool running() const { return process_.running(); }
  pid_t pid() const { return process_.pid(); }

 private:
  explicit ImageProcess(args::Slot slot) : slot_(std::move(slot)) {}

  Result<Invoked> put(std::string_view arguments, std::uint64_t timeout_ms, int spill_target,
                      After after);
  Status restore(const InvokeRequest& request, int spill_target);
  Status await(Invoked& invoked, std::uint64_t timeout_ms, After after);
  Status fill_end(Invoked& invoked);

  // The process last: it is gone before its slot is.
  bool resumed_ = false;  // it answered once: the restorer is done
  Output output_;
  args::Slot slot_;
  Process process_;
};

}  // namespace fw::store
