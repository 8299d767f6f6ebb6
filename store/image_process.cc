#include "store/image_process.h"

#include <fcntl.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>

#include "base/clock.h"
#include "base/files.h"
#include "embed/job.h"
#include "snapshot/snapshot.h"
#include "store/json_text.h"
#include "store/namespaces.h"
#include "store/read.h"
#include "store/request_id.h"

namespace fw::store {

namespace {

// Of each of the descriptors 1 and 2: more is a runaway, and is counted only.
constexpr std::size_t kMaxRawLog = std::size_t{1} << 20;
constexpr std::size_t kMaxReason = 4096;
// A process that runs can be given no descriptor for arguments larger than its slot.
constexpr int kNoSpill = -1;

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

std::string error_body(std::string_view type, const std::string& message) {
  return nlohmann::json{
      {"errorType", type}, {"errorMessage", message}, {"trace", nlohmann::json::array()}}
      .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
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

void fill(Invoked& invoked, args::Answer answer) {
  invoked.ending = answer.outcome == args::Outcome::kResult ? Ending::kResult : Ending::kError;
  invoked.body = std::move(answer.body);
  invoked.logs = join_pieces(std::move(answer.logs));
  invoked.log_bytes_dropped = answer.log_bytes_dropped;
  invoked.minor_faults = answer.minor_faults;
  invoked.major_faults = answer.major_faults;
  invoked.timeline = answer.timeline;
  invoked.jit = answer.jit;
  invoked.jit_notes = std::move(answer.jit_notes);
  check_body(invoked);
}

}  // namespace

Result<ImageProcess::Output> ImageProcess::create_output() {
  Output output;
  FW_TRY_ASSIGN(output.out, create_log("fwrun-stdout"));
  FW_TRY_ASSIGN(output.err, create_log("fwrun-stderr"));
  return output;
}

Result<ImageProcess> ImageProcess::start(const InvokeRequest& request, After after,
                                         Invoked& first) {
  const int spill_target = fw_restore_first_free_fd(request.image_fd);
  if (spill_target < 0) {
    return fail(Errc::kRefused, "the file is no image of this format, or is damaged");
  }
  FW_TRY_ASSIGN(Output output, create_output());
  FW_TRY_ASSIGN(args::Slot slot, args::Slot::create());
  ImageProcess process(std::move(slot));
  process.output_ = std::move(output);
  FW_TRY_ASSIGN(first, process.put(request.arguments, request.timeout_ms, spill_target, after));
  FW_TRY(process.restore(request, spill_target));
  FW_TRY(process.await(first, request.timeout_ms, after));
  return process;
}

Result<Invoked> ImageProcess::serve(std::string_view arguments, std::uint64_t timeout_ms) {
  if (!running()) return fail(Errc::kDied, "the process has ended: it serves no more");
  FW_TRY_ASSIGN(Invoked invoked, put(arguments, timeout_ms, kNoSpill, After::kStays));
  invoked.tier = "live";
  FW_TRY(await(invoked, timeout_ms, After::kStays));
  return invoked;
}

Result<Invoked> ImageProcess::put(std::string_view arguments, std::uint64_t timeout_ms,
                                  int spill_target, After after) {
  Invoked invoked;
  invoked.request_id = new_request_id();
  const std::uint64_t now = monotonic_ns();
  args::at(invoked.timeline, args::Instant::kRequested) = now;
  FW_TRY(slot_.put({invoked.request_id, now + timeout_ms * kNsPerMs, arguments,
                    after == After::kStays ? args::After::kStays : args::After::kEnds},
                   spill_target));
  return invoked;
}

Status ImageProcess::restore(const InvokeRequest& request, int spill_target) {
  static const Result<UniqueFd> kNull = open_file("/dev/null", O_RDONLY);
  if (!kNull) return fail(kNull.error());
  std::array<fw_restore_fd, 4> fds{{{kNull->get(), 0},
                                    {output_.out.get(), 1},
                                    {output_.err.get(), 2},
                                    {slot_.spill_fd(), spill_target}}};
  const fw_restore_external slot_memory{embed::kSlotTag, slot_.memory_fd(), 0};
  fw_restore_request restore{};
  restore.image_fd = request.image_fd;
  restore.pack_fd = std::max(request.pack_fd, 0);
  restore.pid_mode = FW_RESTORE_PID_NAMESPACE;
  restore.fds = fds.data();
  restore.fd_count = slot_.spill_fd() >= 0 ? fds.size() : fds.size() - 1;
  restore.externals = &slot_memory;
  restore.external_count = 1;
  restore.restorer_path = request.restorer.c_str();
  restore.parent_death_signal = SIGKILL;
  fw_restored restored{};
  const int error = fw_restore_start(&restore, &restored);
  if (error != 0 && denies_namespaces(-error)) return fail(no_namespaces(-error));
  if (error != 0) return fail(Error::from_errno("start a process from the image", -error));
  process_ = Process(restored.pid, UniqueFd(restored.pidfd));
  return {};
}

Status ImageProcess::await(Invoked& invoked, std::uint64_t timeout_ms, After after) {
  Result<args::Answer> answer = slot_.await(process_);
  invoked.received_ns = monotonic_ns();
  if (answer) {
    resumed_ = true;
    if (after == After::kEnds) process_.kill_and_reap();
    fill(invoked, std::move(*answer));
  } else if (answer.error().code() == Errc::kTimeout) {
    process_.kill_and_reap();
    fill_remains(invoked);
    invoked.ending = Ending::kTimedOut;
    invoked.body = error_body("Sandbox.Timedout", timeout_message(timeout_ms));
  } else if (answer.error().code() == Errc::kDied) {
    FW_TRY(fill_ended(invoked));
  } else if (answer.error().code() == Errc::kFunction) {
    process_.kill_and_reap();
    invoked.body = error_body("Runtime.InvalidAnswer", answer.error().message());
  } else {
    process_.kill_and_reap();
    return fail(std::move(answer).error());
  }
  take_output(invoked);
  return {};
}

// What a process without an answer had noted: better than nothing, and nothing
// when it makes no sense.
void ImageProcess::fill_remains(Invoked& invoked) {
  Result<args::Answer> remains = slot_.remains();
  if (!remains) return;
  const std::uint64_t requested = args::at(invoked.timeline, args::Instant::kRequested);
  invoked.logs = join_pieces(std::move(remains->logs));
  invoked.log_bytes_dropped = remains->log_bytes_dropped;
  invoked.timeline = remains->timeline;
  args::at(invoked.timeline, args::Instant::kRequested) = requested;
}

// The process ended by itself, without an answer.
Status ImageProcess::fill_ended(Invoked& invoked) {
  FW_TRY_ASSIGN(const std::optional<ExitStatus> ended, process_.wait());
  fill_remains(invoked);
  // Once the captured code runs, the exit code is the function's own affair.
  const bool runs = resumed_ || args::at(invoked.timeline, args::Instant::kResumed) != 0;
  if (!runs && !ended->signalled && ended->value == FW_RESTORE_EXIT_REFUSED) {
    std::size_t cut = 0;
    FW_TRY_ASSIGN(std::string reason, read_head(output_.err.get(), kMaxReason, cut));
    while (!reason.empty() && reason.back() == '\n') reason.pop_back();
    return fail(Errc::kRefused, reason.empty() ? "the restorer gave no reason" : reason);
  }
  invoked.ending = Ending::kError;
  invoked.minor_faults = static_cast<std::uint64_t>(ended->usage.ru_minflt);
  invoked.major_faults = static_cast<std::uint64_t>(ended->usage.ru_majflt);
  invoked.body =
      error_body(ended->signalled ? "Runtime.Crash" : "Runtime.ExitError",
                 "the function's process " + ended->describe() + " before the handler returned");
  return {};
}

void ImageProcess::take_output(Invoked& invoked) {
  append_raw(invoked, args::Stream::kStdout, output_.out);
  append_raw(invoked, args::Stream::kStderr, output_.err);
}

}  // namespace fw::store
