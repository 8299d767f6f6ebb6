// The requester's side of one slot: a piece of shared memory that exactly one
// clone has mapped. One thread at a time; a slot serves one invocation at a
// time and can be used again after await() or abandon().
#pragma once

#include <cstdint>
#include <memory>
#include <optional>

#include "args/repository.h"
#include "base/mapping.h"
#include "base/unique_fd.h"

namespace fw::args {

// Bytes of the mapping a clone must have of its slot: what the snapshot library
// is told as the length of the external range.
std::size_t slot_bytes();

class Slot {
 public:
  static Result<Slot> create();
  Slot(Slot&&) noexcept;
  Slot& operator=(Slot&&) noexcept;
  ~Slot();

  // The memory itself; the clone maps slot_bytes() of it, shared, from offset 0.
  int memory_fd() const;

  // Puts the arguments in. Fails with kBadInput when they are larger than
  // kMaxPayload, leaving the slot free.
  //
  // Arguments larger than the slot go to a sealed memfd, which the clone must be
  // given as descriptor `spill_target` when it starts (see spill_fd()).
  Status put(const Invocation& invocation, int spill_target);

  // The memfd with the arguments put last, if they did not fit; else -1.
  int spill_fd() const;

  // Waits until the clone answers, dies or the invocation's deadline passes.
  // kDied: it ended without an answer (the caller reaps it and says how);
  // kTimeout: it is still running, and the caller must kill it.
  // In all three cases the slot is free again once the clone is gone.
  Result<Answer> await(const Process& clone);

 private:
  struct State;
  explicit Slot(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace fw::args
