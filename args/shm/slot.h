// The requester's side of one slot: a piece of shared memory that exactly one
// clone has mapped. One thread at a time; a slot serves one invocation at a
// time and can be used again after await() returned (after kDied, kTimeout or a
// malformed answer: once the clone is gone). What one invocation left in the
// memory is not hidden from the next: use a slot for one function only.
//
// The memory is not inherited by children that this process forks. The first
// await() that has to wait starts a thread of this process (death_watch.h).
#pragma once

#include <cstddef>
#include <memory>
#include <optional>

#include "args/repository.h"
#include "base/process.h"
#include "base/result.h"

namespace fw::args {

// Bytes of the mapping a clone must have of its slot: what the snapshot library
// is told as the length of the external range.
std::size_t slot_bytes();

class Slot {
 public:
  static Result<Slot> create();

  // A slot whose clone tells its answers through an eventfd, for one requester of many
  // clones: use poll(), not await(). The clone must be given event_fd() as descriptor
  // `clone_fd` when it starts.
  static Result<Slot> create_with_event(int clone_fd);
  Slot(Slot&&) noexcept;
  Slot& operator=(Slot&&) noexcept;
  ~Slot();

  // The memory itself; the clone maps slot_bytes() of it, shared, from offset 0.
  int memory_fd() const;

  // Puts the arguments in, before or after the clone starts. Fails with
  // kBadInput when they are larger than kMaxPayload or the request id is longer
  // than 63 bytes, with kInternal when an invocation is under way; the slot is
  // as before then.
  //
  // Arguments larger than the slot go to a sealed memfd, which the clone must be
  // given as descriptor `spill_target` when it starts (see spill_fd()); a clone
  // that runs already can have none. `spill_target` is not used otherwise; -1 if
  // there is none: such arguments fail with kBadInput.
  Status put(const Invocation& invocation, int spill_target);

  // The memfd with the arguments put last, if they did not fit; else -1. Valid
  // until await() returns. Close-on-exec.
  int spill_fd() const;

  // Waits until the clone answers, dies or the invocation's deadline passes.
  // kDied: it ended without an answer (the caller reaps it and says how);
  // kTimeout: it is still running, and the caller must kill it; kFunction: its
  // answer was malformed, and the caller must kill it.
  // An answer that was put before the clone died or the deadline passed is
  // delivered, except that a body larger than the slot dies with the clone.
  //
  // Without a put(), waits for a process that answers unasked, for as long as it
  // lives.
  Result<Answer> await(const Process& clone);

  // Readable when the clone may have answered; -1 without one. It need not be read by
  // who watches it edge-triggered.
  int event_fd() const;

  // As await(), without waiting; nullopt while there is no answer and the clone runs.
  // The deadline is for the caller to watch.
  Result<std::optional<Answer>> poll(const Process& clone);

  // Whether the clone took the arguments put last: if not, its function saw nothing of
  // them. False once they are answered.
  bool taken() const;

  // Gives up the invocation under way; the caller kills the clone.
  void abandon();

  // After await() failed, once the clone is gone and before the next put(): what
  // the clone had noted until then, its console output and instants. The outcome
  // is kError, the body is empty and no faults are known. kFunction when the log
  // makes no sense.
  Result<Answer> remains();

 private:
  struct State;
  explicit Slot(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace fw::args
