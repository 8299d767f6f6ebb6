#include "store/outcome.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "base/files.h"
#include "snapshot/snapshot.h"
#include "store/json_text.h"
#include "store/read.h"

namespace fw::store {

namespace {

// Of each of the descriptors 1 and 2: more is a runaway, and is counted only.
constexpr std::size_t kMaxRawLog = std::size_t{1} << 20;
constexpr std::size_t kMaxReason = 4096;
// O_APPEND: whoever opens /dev/stdout anew overwrites nothing.
Result<UniqueFd> create_log(const char* name) {
  FW_TRY_ASSIGN(UniqueFd fd, create_memfd(name));
  if (::fcntl(fd.get(), F_SETFL, O_APPEND) != 0) return fail_errno("fcntl");
  return fd;
}

void append_raw(Invoked& invoked, args::Stream stream, const UniqueFd& fd) {
  std::size_t cut = 0;
  Result<std::string> text = read_head(fd.get(), kMaxRawLog, cut);
  if (!text || text->empty()) return;
  invoked.logs.push_back({stream, std::move(*text)});
  invoked.log_bytes_dropped += cut;
  (void)::ftruncate(fd.get(), 0);  // a next invocation's output is its own
}

std::string timeout_message(std::uint64_t timeout_ms) {
  std::array<char, 64> text{};
  std::snprintf(text.data(), text.size(), "Task timed out after %.2f seconds",
                static_cast<double>(timeout_ms) / 1000.0);
  return text.data();
}

// The body is what a stranger's process wrote; nobody downstream should have to
// check again that it is JSON.
void check_body(Invoked& invoked) {
  const Result<JsonShape> shape = check_json(invoked.body, "the function's answer");
  if (shape) return;
  invoked.ending = Ending::kError;
  invoked.body = error_body("Runtime.InvalidAnswer", shape.error().message());
}

// One entry for a line that was written in pieces, as Python's print() does it.
std::vector<args::LogEntry> join_pieces(std::vector<args::LogEntry> logs) {
  std::vector<args::LogEntry> joined;
  for (args::LogEntry& entry : logs) {
    const bool goes_on = !joined.empty() && joined.back().stream == entry.stream &&
                         !joined.back().text.ends_with('\n');
    if (goes_on) {
      joined.back().text += entry.text;
    } else {
      joined.push_back(std::move(entry));
    }
  }
  return joined;
}

}  // namespace

Result<Output> Output::create() {
  Output output;
  FW_TRY_ASSIGN(output.out, create_log("fwrun-stdout"));
  FW_TRY_ASSIGN(output.err, create_log("fwrun-stderr"));
  return output;
}

void Output::take(Invoked& invoked) const {
  append_raw(invoked, args::Stream::kStdout, out);
  append_raw(invoked, args::Stream::kStderr, err);
}

std::string error_body(std::string_view type, const std::string& message) {
  return nlohmann::json{
      {"errorType", type}, {"errorMessage", message}, {"trace", nlohmann::json::array()}}
      .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

void fill_answer(Invoked& invoked, args::Answer answer) {
  invoked.ending = answer.outcome == args::Outcome::kResult ? Ending::kResult : Ending::kError;
  invoked.body = std::move(answer.body);
  invoked.logs = join_pieces(std::move(answer.logs));
  invoked.log_bytes_dropped = answer.log_bytes_dropped;
  invoked.minor_faults = answer.minor_faults;
  invoked.major_faults = answer.major_faults;
  invoked.timeline = answer.timeline;
  invoked.boot = answer.boot;
  invoked.reset_pages = answer.reset_pages;
  invoked.jit = answer.jit;
  invoked.jit_notes = std::move(answer.jit_notes);
  check_body(invoked);
}

void fill_remains(Invoked& invoked, Result<args::Answer> remains) {
  if (!remains) return;  // it makes no sense: nothing is better
  const std::uint64_t requested = args::at(invoked.timeline, args::Instant::kRequested);
  invoked.logs = join_pieces(std::move(remains->logs));
  invoked.log_bytes_dropped = remains->log_bytes_dropped;
  invoked.timeline = remains->timeline;
  args::at(invoked.timeline, args::Instant::kRequested) = requested;
}

void fill_timed_out(Invoked& invoked, std::uint64_t timeout_ms) {
  invoked.ending = Ending::kTimedOut;
  invoked.body = error_body("Sandbox.Timedout", timeout_message(timeout_ms));
}

void fill_malformed(Invoked& invoked, const Error& error) {
  invoked.body = error_body("Runtime.InvalidAnswer", error.message());
}

Status fill_ended(Invoked& invoked, const ExitStatus& ended, const Output& output, bool ran) {
  // Once the captured code runs, the exit code is the function's own affair.
  const bool runs = ran || args::at(invoked.timeline, args::Instant::kResumed) != 0;
  if (!runs && !ended.signalled && ended.value == FW_RESTORE_EXIT_REFUSED) {
    std::size_t cut = 0;
    FW_TRY_ASSIGN(std::string reason, read_head(output.err.get(), kMaxReason, cut));
    while (!reason.empty() && reason.back() == '\n') reason.pop_back();
    return fail(Errc::kRefused, reason.empty() ? "the restorer gave no reason" : reason);
  }
  invoked.ending = Ending::kError;
  invoked.minor_faults = static_cast<std::uint64_t>(ended.usage.ru_minflt);
  invoked.major_faults = static_cast<std::uint64_t>(ended.usage.ru_majflt);
  invoked.body =
      error_body(ended.signalled ? "Runtime.Crash" : "Runtime.ExitError",
                 "the function's process " + ended.describe() + " before the handler returned");
  return {};
}

}  // namespace fw::store
