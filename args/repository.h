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

inline constexpr std::size_t kMaxCallContext = std::size_t{64} << 10;  // bytes

// What becomes of the clone after its answer.
enum class After : std::uint8_t {
  kEnds = 0,
  kStays = 1,   // it takes the next arguments, as it is
  kResets = 2,  // it goes back to the image's state, and takes the next arguments
};

struct Invocation {
  std::string request_id;         // at most 63 bytes
  std::uint64_t deadline_ns = 0;  // CLOCK_MONOTONIC; 0: none
  std::string_view arguments;     // JSON text, 0 bytes to kMaxPayload; passed untouched
  After after = After::kEnds;
  // What the function may know of its caller: JSON text of an object, or empty; at most
  // kMaxCallContext bytes.
  std::string_view call_context{};
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

// How the clone came to the state in which it took its arguments.
enum class Boot : std::uint8_t {
  kNone = 0,       // as its last invocation left it, or the clone did not come to tell
  kFile = 1,       // restored from the image
  kFork = 2,       // forked from a template
  kResetFast = 3,  // reset: the pages known from the last reset were copied back
  kResetScan = 4,  // reset: changed pages were searched for
  kResetFull = 5,  // reset: the layout, descriptors and the rest were looked at, too
};

struct Answer {
  Outcome outcome = Outcome::kError;
  std::string body;  // JSON: the result, or {errorType, errorMessage, trace}
  std::vector<LogEntry> logs;
  Jit jit = Jit::kNothing;
  std::vector<std::string> jit_notes;  // of kLost: JSON {function, reason, ...}; maybe not all
  std::uint64_t log_bytes_dropped = 0;
  Boot boot = Boot::kNone;
  std::uint32_t reset_pages = 0;   // of 4096 bytes, that the reset before it brought back
  std::uint64_t minor_faults = 0;  // of the clone, from its start to its answer
  std::uint64_t major_faults = 0;
  Timeline timeline{};
};

}  // namespace fw::args
