// The arguments repository: how one invocation's arguments reach the clone that
// serves it, and how its answer comes back. Fireworks keeps them in Kafka; here
// it is one interface with exchangeable backends (shared memory in shm/).
//
// The requester (command line, daemon) trusts nothing that a clone wrote: every
// length, state and offset is read once, copied, and checked on the copy.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "args/timeline.h"
#include "base/process.h"
#include "base/result.h"

namespace fw::args {

inline constexpr std::size_t kMaxPayload = std::size_t{64} << 20;  // bytes, either way

struct Invocation {
  std::string request_id;         // at most 63 bytes
  std::uint64_t deadline_ns = 0;  // CLOCK_MONOTONIC; 0: none
  std::string_view arguments;     // JSON text, 0 bytes to kMaxPayload; passed untouched
  // The clone is to wait for a next invocation after its answer instead of ending.
  bool stay = false;
};

enum class Stream : std::uint8_t { kStdout = 1, kStderr = 2 };

// One write to the console by the function, in the order of writing.
struct LogEntry {
  Stream stream;
  std::string text;
};

enum class Outcome : std::uint8_t { kResult = 1, kError = 2 };

// Whether an invocation ran the machine code that was compiled before the snapshot.
enum class Jit : std::uint8_t {
  kNothing = 0,  // there is none, or the clone did not come to tell
  kPostJit = 1,  // yes
  kLost = 2,     // not all of it: code was thrown away, compiled anew or passed by
};

struct Answer {
  Outcome outcome = Outcome::kError;
  std::string body;  // JSON: the result, or {errorType, errorMessage, trace}
  std::vector<LogEntry> logs;
  Jit jit = Jit::kNothing;
  std::vector<std::string> jit_notes;  // of kLost: JSON {function, reason, ...}; maybe not all
  std::uint64_t log_bytes_dropped = 0;
  std::uint64_t minor_faults = 0;  // of the clone, from its start to its answer
  std::uint64_t major_faults = 0;
  Timeline timeline{};
};

}  // namespace fw::args
