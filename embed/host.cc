#include "embed/host.h"

#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <cstdio>

#include "base/clock.h"
#include "embed/environment.h"
#include "embed/report.h"

namespace fw::embed {

namespace {

// Of a training call's console output the end is kept, for the error message.
constexpr std::size_t kKeptLog = std::size_t{16} << 10;

// The whole of a file, wherever its writer left the position, or of a pipe.
Result<std::string> read_to_end(const UniqueFd& fd) {
  (void)::lseek(fd.get(), 0, SEEK_SET);
  std::string bytes;
  char buffer[4096];
  for (;;) {
    const ssize_t got = ::read(fd.get(), buffer, sizeof buffer);
    if (got == 0) return bytes;
    if (got > 0) {
      bytes.append(buffer, static_cast<std::size_t>(got));
    } else if (errno != EINTR) {
      return fail_errno("read the job");
    }
  }
}

}  // namespace

void Host::boot(UniqueFd job_fd) {
  const Result<std::string> text = read_to_end(job_fd);
  job_fd.reset();
  if (!text) fail_install("Install.BadJob", text.error().message());
  Result<Job> read = job_from_json(*text);
  if (!read) fail_install("Install.BadJob", read.error().message());
  job = std::move(*read);
  if (const Status applied = apply_environment(job); !applied) {
    fail_install("Install.Internal", applied.error().message());
  }
}

Result<bool> Host::put_to_self(std::string_view id, std::string_view text) {
  trained = {};
  const Status put = snapshot.client().put_to_self(id, text);
  trained_in_slot_ = put.has_value();
  request_id = id;
  deadline_ns_ = monotonic_ns() + job.timeout_ms * kNsPerMs;
  if (!put && put.error().code() != Errc::kBadInput) return fail(put.error());
  return put.has_value();
}

Result<std::string_view> Host::take() {
  FW_TRY_ASSIGN(const args::Taken taken, snapshot.client().take());
  request_id.assign(taken.request_id);
  call_context = taken.call_context;
  if (mode == Mode::kServing) snapshot.watch();
  deadline_ns_ =
      taken.deadline_ns != 0 ? taken.deadline_ns : monotonic_ns() + job.timeout_ms * kNsPerMs;
  return taken.arguments;
}

std::uint64_t Host::remaining_ms() const {
  const std::uint64_t now = monotonic_ns();
  return now < deadline_ns_ ? (deadline_ns_ - now) / kNsPerMs : 0;
}

void Host::mark(std::uint32_t instant) {
  args::Timeline& timeline = snapshot.client().timeline();
  if (instant < timeline.size()) timeline[instant] = monotonic_ns();
}

Result<bool> Host::answer(args::Outcome outcome, std::string_view body) {
  snapshot.end_watch();
  // What native code printed by stdio, while there is a process: whoever gets the answer may
  // end it. Of no cost when there is nothing.
  std::fflush(stdout);
  if (mode == Mode::kServing || trained_in_slot_) {
    const Status put = snapshot.client().answer(outcome, body);
    if (!put && put.error().code() == Errc::kBadInput) return false;
    if (!put) return fail(put.error());
  }
  if (mode == Mode::kInstalling) {
    trained.outcome = outcome;
    trained.answer = body;
  }
  return true;
}

void Host::done() {
  if (mode == Mode::kInstalling || snapshot.client().after() == args::After::kStays) return;
  if (snapshot.client().after() == args::After::kResets) snapshot.reset();
  ::_exit(0);
}

void Host::log(args::Stream stream, std::string_view text) {
  snapshot.client().log(stream, text);
  if (mode == Mode::kServing) return;
  trained.log.append(text);
  if (trained.log.size() > 2 * kKeptLog) trained.log.erase(0, trained.log.size() - kKeptLog);
}

void Host::finish_install(args::Outcome outcome, std::string_view body) {
  args::Client& client = snapshot.client();
  client.clear();
  Status put = client.answer(outcome, body);
  if (!put && put.error().code() == Errc::kBadInput) {
    const ErrorReport error{"Install.ReportTooLarge", put.error().message(), {}, {}, 0, 0, false};
    put = client.answer(args::Outcome::kError, to_json_text(error));
  }
  if (!put) std::fprintf(stderr, "the host cannot answer: %s\n", put.error().message().c_str());
  // Not exit(): destructors of a live engine belong to nobody here, and other
  // threads may be in the middle of their work.
  ::_exit(put && outcome == args::Outcome::kResult ? 0 : 1);
}

void Host::fail_install(std::string_view error_type, std::string_view message) {
  ErrorReport error;
  error.error_type = error_type;
  error.error_message = message;
  finish_install(args::Outcome::kError, to_json_text(error));
}

int descriptor_argument(std::string_view text) {
  int number = -1;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() && number >= 0 ? number : -1;
}

}  // namespace fw::embed
