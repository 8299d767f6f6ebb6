#include "gateway/logs/record.h"

#include <algorithm>

#include "base/clock.h"

namespace fw::gateway::logs {

namespace {

// An error's trace may be long; whoever asked for the invocation got all of it.
constexpr std::size_t kMaxError = std::size_t{16} << 10;

double milliseconds(std::uint64_t from, std::uint64_t to) {
  return from != 0 && to > from ? static_cast<double>(to - from) / kNsPerMs : 0;
}

}  // namespace

Record record_of(const std::string& function, const pool::Served& served,
                 std::string_view traceparent) {
  const store::Invoked& invoked = served.invoked;
  Record record;
  record.request_id = invoked.request_id;
  record.function = function;
  record.traceparent = traceparent;
  record.version = served.version;
  record.ended_ms = wall_clock_ms();
  record.memory_mb = served.memory_mb;
  record.private_bytes = served.private_bytes;
  record.minor_faults = invoked.minor_faults;
  record.major_faults = invoked.major_faults;
  record.duration_ms = served.billed_ms;
  record.restore_ms = served.restore_ms;
  record.total_ms =
      milliseconds(at(invoked.timeline, args::Instant::kRequested), invoked.received_ns);
  record.tier = invoked.tier;
  record.ending = invoked.ending;
  record.jit = invoked.jit;
  if (invoked.ending != store::Ending::kResult) record.error = invoked.body.substr(0, kMaxError);
  record.output = invoked.logs;
  record.output_dropped = invoked.log_bytes_dropped;
  return record;
}

std::string_view name_of(store::Ending ending) {
  switch (ending) {
    case store::Ending::kResult:
      return "result";
    case store::Ending::kError:
      return "error";
    case store::Ending::kTimedOut:
      return "timed_out";
  }
  return "error";
}

// Written by a host or by us as one of the first members: looked for, not parsed, as the
// text may have lost its end.
std::string_view error_type_of(std::string_view error) {
  constexpr std::string_view kKey = "\"errorType\":";
  std::size_t begin = error.find(kKey);
  if (begin == std::string_view::npos) return {};
  begin = error.find_first_not_of(' ', begin + kKey.size());
  if (begin == std::string_view::npos || error[begin] != '"') return {};
  const std::string_view rest = error.substr(begin + 1);
  // A name with a quote in it is nobody's, and is cut there.
  return rest.substr(0, std::min(rest.find_first_of("\"\\"), rest.size()));
}

}  // namespace fw::gateway::logs
