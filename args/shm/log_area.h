// The log area of a slot: written by any thread of the clone, copied and checked
// by the requester. The records are described in layout.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "args/repository.h"
#include "args/shm/layout.h"

namespace fw::args {

// Appends one record. Lock-free, allocates nothing, any thread. Text that does
// not fit is cut at a UTF-8 character's edge; what is lost is counted.
void append_log(SlotHeader& slot, Stream stream, std::string_view text);
void append_jit_note(SlotHeader& slot, std::string_view note);

struct LogCopy {
  std::vector<LogEntry> entries;
  std::vector<std::string> jit_notes;
  // Counted by the clone, plus what a writer had begun but not finished.
  std::uint64_t bytes_dropped = 0;
};

// Fails with kFunction when the records make no sense.
Result<LogCopy> copy_log(SlotHeader& slot);

// Makes the log area empty again. No thread may be appending.
void clear_log(SlotHeader& slot);

}  // namespace fw::args
