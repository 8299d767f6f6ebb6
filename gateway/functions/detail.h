// All that is known of an invocation, as JSON: what the command line, asking the daemon
// through its Unix socket, prints as if it had invoked the image itself.
//
//   ending        "result", "error", "timed_out"
//   body          the answer's JSON, as text
//   tier, boot, request_id, version, memory_mb, billed_ms, restore_ms, private_bytes
//   timeline      nanoseconds of CLOCK_MONOTONIC, in the order of args::Instant
//   received_ns
//   faults        {minor, major}
//   reset_pages
//   logs          [{stream: "stdout"|"stderr", text}]; "hex" instead of "text" for what is
//                 not UTF-8
//   log_bytes_dropped
//   jit           "nothing", "post_jit", "lost"; jit_notes: texts
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "pool/call.h"

namespace fw::gateway::functions {

std::string to_json(const pool::Served& served);

// kInternal when the text is not of this shape: the daemon is of another version.
Result<pool::Served> from_json(std::string_view text);

}  // namespace fw::gateway::functions
