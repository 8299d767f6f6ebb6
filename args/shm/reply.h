// What a clone wrote into its slot, copied once and checked on the copy. Nothing
// in the slot is believed: the clone runs code of strangers.
#pragma once

#include <cstddef>
#include <cstdint>

#include "args/repository.h"
#include "args/shm/layout.h"

namespace fw::args {

struct Reply {
  Answer answer;  // its body is still empty when body_fd says it is elsewhere
  std::int32_t body_fd = kInSlot;
  std::size_t body_bytes = 0;
};

// Reads the answer out of a slot (kSlotBytes of memory that may change under our
// hands). Fails with kFunction, saying what is wrong, when it breaks the
// protocol. Never reads outside the slot, whatever it holds.
Result<Reply> read_reply(SlotHeader& slot);

// The same for a clone that ended without an answer: only its log and instants.
Result<Answer> read_remains(SlotHeader& slot);

// The error for an answer that breaks the protocol.
Error malformed_answer(const std::string& why);

}  // namespace fw::args
