#include "store/install/train.h"

#include <unistd.h>

#include <optional>

#include "args/shm/slot.h"
#include "base/clock.h"
#include "base/files.h"
#include "embed/report.h"
#include "store/install/host_process.h"
#include "store/read.h"

namespace fw::store {

namespace {

constexpr int kStarts = 5;
// On top of what the job allows for training: boot, load, hooks, capture.
constexpr std::uint64_t kHostMargin = 60 * kNsPerSecond;
constexpr std::uint64_t kHostExit = 5 * kNsPerSecond;
constexpr std::size_t kMaxOutput = std::size_t{64} << 10;

struct Attempt {
  nlohmann::json report;  // null: the host is to be started again
};

// What the function printed: to its console, then to the descriptors themselves.
std::string output_of(const Result<args::Answer>& answer, args::Slot& slot, int fd) {
  std::string output;
  const Result<args::Answer> remains = answer ? answer : slot.remains();
  if (remains) {
    for (const args::LogEntry& entry : remains->logs) output += entry.text;
  }
  std::size_t cut = 0;
  if (const Result<std::string> text = read_head(fd, kMaxOutput, cut)) output += *text;
  return output;
}

// "/x/handler.js:3:14: SyntaxError: Unexpected token": what the host said, with
// the place in front if it knows it.
std::string describe(const embed::ErrorReport& report) {
  std::string message = report.file;
  if (!message.empty()) {
    if (report.line != 0) message += ":" + std::to_string(report.line);
    if (report.line != 0 && report.column != 0) message += ":" + std::to_string(report.column);
    message += ": ";
  }
  return message + report.error_type + ": " + report.error_message;
}

tl::expected<Attempt, InstallFailure> read_answer(const args::Answer& answer) {
  if (answer.outcome == args::Outcome::kResult) {
    Result<embed::Report> checked = embed::report_from_json(answer.body);
    if (!checked) return fail(std::move(checked).error().context("the host's answer"));
    return Attempt{nlohmann::json::parse(answer.body)};
  }
  Result<embed::ErrorReport> report = embed::error_report_from_json(answer.body);
  if (!report) return fail(std::move(report).error().context("the host's answer"));
  if (report->retry) return Attempt{};
  InstallFailure failure(Error(Errc::kFunction, describe(*report)));
  failure.detail = nlohmann::json::parse(answer.body);
  return tl::unexpected(std::move(failure));
}

Result<std::string> job_text(const embed::Job& job) {
  // It throws when a path or a variable is not UTF-8, which JSON has no words for.
  try {
    return to_json(job).dump();
  } catch (const nlohmann::json::exception&) {
    return fail(Errc::kBadInput,
                "a path or the value of an environment variable is not UTF-8 text");
  }
}

// How the host failed to answer.
Error unanswered(const Error& error, Process& host) {
  if (error.code() == Errc::kTimeout) {
    return {Errc::kTimeout, "the function was not ready in time: its loading or training hangs"};
  }
  if (error.code() != Errc::kDied) return error;
  const Result<std::optional<ExitStatus>> ended = host.wait(kHostExit);
  if (!ended) return ended.error();
  if (!*ended) return {Errc::kInternal, "the host neither answered nor ended"};
  return {Errc::kFunction,
          "the function's process " + (*ended)->describe() + " while it was loaded or trained"};
}

tl::expected<Attempt, InstallFailure> run_host(const Training& training) {
  FW_TRY_ASSIGN(const UniqueFd job, create_memfd("fwrun-job"));
  FW_TRY_ASSIGN(const std::string text, job_text(training.job));
  FW_TRY(write_all(job.get(), text));
  if (::lseek(job.get(), 0, SEEK_SET) != 0) return fail_errno("lseek");
  FW_TRY_ASSIGN(const UniqueFd output, create_memfd("fwrun-host-output"));
  FW_TRY_ASSIGN(args::Slot slot, args::Slot::create());
  FW_TRY_ASSIGN(Process host, start_host({training.host, training.folder, training.environment,
                                          job.get(), slot.memory_fd(), output.get()}));
  const Result<args::Answer> answer = slot.await(host);
  tl::expected<Attempt, InstallFailure> attempt =
      answer ? read_answer(*answer)
             : tl::unexpected(InstallFailure(unanswered(answer.error(), host)));
  // It captured itself before it answered, and has nothing left to do.
  host.kill_and_reap();
  if (!attempt) attempt.error().host_output = output_of(answer, slot, output.get());
  return attempt;
}

}  // namespace

tl::expected<nlohmann::json, InstallFailure> train(const Training& training,
                                                   const std::function<void()>& retrying) {
  for (int start = 1; start <= kStarts; ++start) {
    if (start > 1 && retrying) retrying();
    tl::expected<Attempt, InstallFailure> attempt = run_host(training);
    if (!attempt) return tl::unexpected(std::move(attempt).error());
    if (!attempt->report.is_null()) return std::move(attempt->report);
  }
  return tl::unexpected(
      InstallFailure(Error(Errc::kRefused, "the host's memory left no room for the restorer, " +
                                               std::to_string(kStarts) + " times in a row")));
}

}  // namespace fw::store
