// Lines of the daemon's structured log: one JSON object for each invocation.
//
//   time         "2026-11-21T04:16:00.123Z", when it ended
//   level        "INFO"; "ERROR" when the function failed or no process could be had,
//                "WARN" when the call was refused
//   message      "invocation", "refused" or "failed"
//   request_id, function, version, traceparent (when the caller sent one)
//   tier         "hot", "fork", "warm", "cold"
//   ending       "result", "error", "timed_out"; or the pool's error, "busy"
//   error_type, error
//   duration_ms  from the arguments taken to the answer; restore_ms: before that, until
//                the process was there; total_ms: from the request to the answer
//   memory_mb, private_bytes, minor_faults, major_faults
//   post_jit     whether the code that was compiled before the snapshot served; null when
//                there is none
//   log_bytes    that the function wrote
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "base/result.h"
#include "gateway/logs/record.h"

namespace fw::gateway::logs {

nlohmann::ordered_json to_json(const Record& record);  // the members above, without message

// With the end of the line.
std::string json_line(const Record& record);
std::string json_line(const std::string& function, std::string_view request_id, const Error& error,
                      std::string_view traceparent);

}  // namespace fw::gateway::logs
