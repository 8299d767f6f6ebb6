// Record: what is remembered of one invocation. A value.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "args/repository.h"
#include "pool/call.h"
#include "store/invoke.h"

namespace fw::gateway::logs {

struct Record {
  std::string request_id;
  std::string function;
  std::string traceparent;  // of the caller's; or empty
  std::uint64_t version = 0;
  std::uint64_t ended_ms = 0;  // since 1970
  std::uint64_t memory_mb = 0;
  std::uint64_t private_bytes = 0;  // 0: unknown
  std::uint64_t minor_faults = 0;
  std::uint64_t major_faults = 0;
  double duration_ms = 0;  // from the arguments taken to the answer
  double restore_ms = 0;
  double total_ms = 0;  // from the request to the answer
  std::string_view tier;
  store::Ending ending = store::Ending::kResult;
  args::Jit jit = args::Jit::kNothing;
  std::string error;  // the error's JSON, its end cut off if it is long; or empty
  std::vector<args::LogEntry> output;
  std::uint64_t output_dropped = 0;  // bytes
};

Record record_of(const std::string& function, const pool::Served& served,
                 std::string_view traceparent);

std::string_view name_of(store::Ending ending);  // "result", "error", "timed_out"

// errorType of an error's JSON, a part of the text, even when its end is missing; empty when
// there is none.
std::string_view error_type_of(std::string_view error);

}  // namespace fw::gateway::logs
