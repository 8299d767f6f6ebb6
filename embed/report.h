// What a host answers when it has installed a function (args::Outcome::kResult,
// a Report) or could not (kError, an ErrorReport), as JSON with these names.
// All times are microseconds.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace fw::embed {

// Where the snapshot was taken.
struct AnnotationReport {
  std::string kind;  // "default", "function", "statement", "toplevel"
  std::string file;  // empty for "default"
  std::uint64_t line = 0;
};

// One function of the user's code, and what the JIT made of it: a line of the JIT
// receipt that is kept in the function's manifest.
struct FunctionReport {
  std::string name;
  std::string file;
  std::uint64_t line = 0;
  // "turbofan", "baseline", "interpreted", "uncompiled"; of Python: "numba" (annotated),
  // "numba-auto" (not annotated), "numba-object" (object mode), "interpreted", "uncompiled".
  std::string tier;
  bool optimised = false;
  bool annotated = false;                    // the user asked for it, by @jit or Numba's decorators
  std::string reason;                        // why it is not optimised; empty when it is
  std::vector<std::string> signatures;       // Numba's, of which there is machine code
  std::uint64_t code_bytes = 0;              // of machine code; 0: none or not known
  double before_us = 0;                      // one call, not compiled; 0: not measured
  double after_us = 0;                       // one call, compiled; 0: not measured
  std::vector<std::string> deoptimisations;  // seen in training once compiled: their reasons
};

// One training event and the answer to it, as JSON texts: an image restored with
// `event` must answer `result`. `stable` is false when two calls of the training
// already differed (times, random numbers): then only that it answers can be
// checked. Both texts are empty when the function was not trained.
struct Probe {
  std::string event;
  std::string result;
  bool stable = false;
};

struct TrainingReport {
  std::uint64_t events = 0;
  std::uint64_t rounds = 0;
  std::uint64_t first_call_us = 0;   // the very first call: nothing compiled
  std::uint64_t steady_call_us = 0;  // median of the last calls
  Probe probe;
};

// What the snapshot library said of the image.
struct SnapshotReport {
  std::uint64_t image_bytes = 0;
  std::uint64_t captured_pages = 0;
  std::uint64_t mappings = 0;
  std::uint64_t threads = 0;
  std::uint64_t descriptors = 0;
};

struct Report {
  std::string runtime;              // "Node.js 18.20.4, V8 10.2..."
  std::string signature = "event";  // how the handler is called; "http": by requests
  AnnotationReport annotation;
  std::vector<FunctionReport> functions;
  TrainingReport training;
  std::vector<std::string> warnings;
  std::map<std::string, std::uint64_t> phases_us;  // boot, load, train, capture
  SnapshotReport snapshot;
};

// A failed install. `file`, `line` and `column` (1-based; 0: not known) say where
// in the user's code. With `retry`, the same job in a new process may succeed:
// memory was laid out in the snapshot library's way by chance.
struct ErrorReport {
  std::string error_type;
  std::string error_message;
  std::vector<std::string> trace;
  std::string file;
  std::uint64_t line = 0;
  std::uint64_t column = 0;
  bool retry = false;
};

Result<Report> report_from_json(std::string_view text);
Result<ErrorReport> error_report_from_json(std::string_view text);

// For an error of the host itself, before there is a runtime to write it.
std::string to_json_text(const ErrorReport& error);

}  // namespace fw::embed
