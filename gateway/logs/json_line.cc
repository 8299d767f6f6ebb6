#include "gateway/logs/json_line.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "base/clock.h"
#include "gateway/logs/iso_time.h"

namespace fw::gateway::logs {

namespace {

using nlohmann::ordered_json;

// A thousandth of a millisecond is as much as a clock of this kind tells.
double rounded(double ms) { return std::round(ms * 1000) / 1000; }

std::string to_line(const ordered_json& object) {
  return object.dump(-1, ' ', false, ordered_json::error_handler_t::replace) + "\n";
}

ordered_json post_jit(args::Jit jit) {
  if (jit == args::Jit::kNothing) return nullptr;
  return jit == args::Jit::kPostJit;
}

std::uint64_t bytes_written(const Record& record) {
  std::uint64_t bytes = record.output_dropped;
  for (const args::LogEntry& entry : record.output) bytes += entry.text.size();
  return bytes;
}

}  // namespace

ordered_json to_json(const Record& record) {
  ordered_json object{{"time", iso_time(record.ended_ms)},
                      {"level", record.ending == store::Ending::kResult ? "INFO" : "ERROR"},
                      {"request_id", record.request_id},
                      {"function", record.function},
                      {"version", record.version},
                      {"tier", record.tier},
                      {"ending", name_of(record.ending)},
                      {"duration_ms", rounded(record.duration_ms)},
                      {"restore_ms", rounded(record.restore_ms)},
                      {"total_ms", rounded(record.total_ms)},
                      {"memory_mb", record.memory_mb},
                      {"private_bytes", record.private_bytes},
                      {"minor_faults", record.minor_faults},
                      {"major_faults", record.major_faults},
                      {"post_jit", post_jit(record.jit)},
                      {"log_bytes", bytes_written(record)}};
  if (record.ending != store::Ending::kResult) object["error_type"] = error_type_of(record.error);
  if (!record.traceparent.empty()) object["traceparent"] = record.traceparent;
  return object;
}

std::string json_line(const Record& record) {
  ordered_json object = to_json(record);
  object["message"] = "invocation";
  return to_line(object);
}

std::string json_line(const std::string& function, std::string_view request_id, const Error& error,
                      std::string_view traceparent) {
  const bool refused = error.code() == Errc::kBusy || error.code() == Errc::kClosing ||
                       error.code() == Errc::kNotFound || error.code() == Errc::kBadInput;
  ordered_json object{{"time", iso_time(wall_clock_ms())},
                      {"level", refused ? "WARN" : "ERROR"},
                      {"message", refused ? "refused" : "failed"},
                      {"request_id", request_id},
                      {"function", function},
                      {"ending", name_of(error.code())},
                      {"error", error.message()}};
  if (!traceparent.empty()) object["traceparent"] = traceparent;
  return to_line(object);
}

}  // namespace fw::gateway::logs
