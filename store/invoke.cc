#include "store/invoke.h"

#include <fcntl.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>

#include "args/shm/slot.h"
#include "base/clock.h"
#include "base/files.h"
#include "base/process.h"
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

// Descriptors 1 and 2 of the restored process.
struct Output {
  UniqueFd out;
  UniqueFd err;
};

// O_APPEND: whoever opens /dev/stdout anew overwrites nothing.
Result<UniqueFd> create_log(const char* name) {
  FW_TRY_ASSIGN(UniqueFd fd, create_memfd(name));
  if (::fcntl(fd.get(), F_SETFL, O_APPEND) != 0) return fail_errno("fcntl");
  return fd;
}

Result<Output> create_output() {
  Output output;
  FW_TRY_ASSIGN(output.out, create_log("fwrun-stdout"));
  FW_TRY_ASSIGN(output.err, create_log("fwrun-stderr"));
  return output;
}

Result<Process> start_clone(const InvokeRequest& request, const args::Slot& slot, int spill_target,
                            const Output& output) {
  static const Result<UniqueFd> null = open_file("/dev/null", O_RDONLY);
  if (!null) return fail(null.error());
  std::array<fw_restore_fd, 4> fds{{{null->get(), 0},
                                    {output.out.get(), 1},
                                    {output.err.get(), 2},
                                    {slot.spill_fd(), spill_target}}};
  const fw_restore_external slot_memory{embed::kSlotTag, slot.memory_fd(), 0};
  fw_restore_request restore{};
  restore.image_fd = request.image_fd;
  restore.pack_fd = std::max(request.pack_fd, 0);
  restore.pid_mode = FW_RESTORE_PID_NAMESPACE;
  restore.fds = fds.data();
  restore.fd_count = slot.spill_fd() >= 0 ? fds.size() : fds.size() - 1;
  restore.externals = &slot_memory;
  restore.external_count = 1;
  restore.restorer_path = request.restorer.c_str();
  restore.parent_death_signal = SIGKILL;
  fw_restored restored{};
  const int error = fw_restore_start(&restore, &restored);
  if (error != 0 && denies_namespaces(-error)) return fail(no_namespaces(-error));
  if (error != 0) return fail(Error::from_errno("start a process from the image", -error));
  return Process(restored.pid, UniqueFd(restored.pidfd));
}

void append_raw(Invoked& invoked, args::Stream stream, const UniqueFd& fd) {
  std::size_t cut = 0;
  Result<std::string> text = read_head(fd.get(), kMaxRawLog, cut);
  if (!text || text->empty()) return;
  invoked.logs.push_back({stream, std::move(*text)});
  invoked.log_bytes_dropped += cut;
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

void fill(Invoked& invoked, args::Answer answer) {
  invoked.ending = answer.outcome == args::Outcome::kResult ? Ending::kResult : Ending::kError;
  invoked.body = std::move(answer.body);
  invoked.logs = std::move(answer.logs);
  invoked.log_bytes_dropped = answer.log_bytes_dropped;
  invoked.minor_faults = answer.minor_faults;
  invoked.major_faults = answer.major_faults;
  invoked.timeline = answer.timeline;
  check_body(invoked);
}

// What a process without an answer had noted: better than nothing, and nothing
// when it makes no sense.
void fill_remains(Invoked& invoked, args::Slot& slot) {
  Result<args::Answer> remains = slot.remains();
  if (!remains) return;
  const std::uint64_t requested = args::at(invoked.timeline, args::Instant::kRequested);
  invoked.logs = std::move(remains->logs);
  invoked.log_bytes_dropped = remains->log_bytes_dropped;
  invoked.timeline = remains->timeline;
  args::at(invoked.timeline, args::Instant::kRequested) = requested;
}

// The process ended by itself, without an answer.
Status fill_ended(Invoked& invoked, const ExitStatus& ended, const Output& output) {
  // Once the captured code runs, the exit code is the function's own affair.
  const bool resumed = args::at(invoked.timeline, args::Instant::kResumed) != 0;
  if (!resumed && !ended.signalled && ended.value == FW_RESTORE_EXIT_REFUSED) {
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

}  // namespace

Result<Invoked> invoke_image(const InvokeRequest& request) {
  const int spill_target = fw_restore_first_free_fd(request.image_fd);
  if (spill_target < 0) {
    return fail(Errc::kRefused, "the file is no image of this format, or is damaged");
  }
  FW_TRY_ASSIGN(const Output output, create_output());
  FW_TRY_ASSIGN(args::Slot slot, args::Slot::create());

  Invoked invoked;
  invoked.request_id = new_request_id();
  const std::uint64_t now = monotonic_ns();
  args::at(invoked.timeline, args::Instant::kRequested) = now;
  FW_TRY(slot.put({invoked.request_id, now + request.timeout_ms * kNsPerMs, request.arguments},
                  spill_target));
  FW_TRY_ASSIGN(Process clone, start_clone(request, slot, spill_target, output));

  Result<args::Answer> answer = slot.await(clone);
  invoked.received_ns = monotonic_ns();
  if (answer) {
    clone.kill_and_reap();
    fill(invoked, std::move(*answer));
  } else if (answer.error().code() == Errc::kTimeout) {
    clone.kill_and_reap();
    fill_remains(invoked, slot);
    invoked.ending = Ending::kTimedOut;
    invoked.body = error_body("Sandbox.Timedout", timeout_message(request.timeout_ms));
  } else if (answer.error().code() == Errc::kDied) {
    FW_TRY_ASSIGN(const std::optional<ExitStatus> ended, clone.wait());
    fill_remains(invoked, slot);
    FW_TRY(fill_ended(invoked, *ended, output));
  } else if (answer.error().code() == Errc::kFunction) {
    clone.kill_and_reap();
    invoked.body = error_body("Runtime.InvalidAnswer", answer.error().message());
  } else {
    return fail(std::move(answer).error());
  }
  append_raw(invoked, args::Stream::kStdout, output.out);
  append_raw(invoked, args::Stream::kStderr, output.err);
  return invoked;
}

}  // namespace fw::store
