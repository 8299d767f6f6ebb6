// One invocation as the pool is asked for it, and what comes back.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "base/result.h"
#include "store/invoke.h"

namespace fw::pool {

struct Call {
  std::string function;
  std::string arguments;   // JSON text, passed untouched
  std::string request_id;  // at most 63 bytes; empty: one is made
  // JSON text of an object, or empty: what the function may know of its caller.
  // {"client_context": any, "traceparent": "00-...", "tracestate": "..."}
  std::string call_context;
  std::uint64_t timeout_ms = 0;  // 0: the function's own
};

// What became of it: the ending, body, logs, times and tier of store::Invoked, and
// which version served. A function's own failure is such an ending, not an error.
struct Served {
  store::Invoked invoked;
  std::uint64_t version = 0;
  std::uint64_t memory_mb = 0;      // as installed
  double billed_ms = 0;             // from the arguments taken to the answer
  double restore_ms = 0;            // until a process was there; 0 for a hot start
  std::uint64_t private_bytes = 0;  // copied by the process, as far as known; 0: unknown
};

// Called exactly once, on the worker's thread, never from within invoke().
// Errors: kNotFound (no such function), kBadInput (arguments too large), kBusy (its
// clones are all at work and the queue is full, or those of all functions are),
// kClosing (the pool is shutting down), kRefused (the image cannot be used here),
// kSystem, kInternal.
using Done = std::function<void(Result<Served>)>;

}  // namespace fw::pool
