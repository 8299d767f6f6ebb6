#include "tests/v8host/function_host.h"

#include <doctest/doctest.h>
#include <fcntl.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "args/shm/slot.h"
#include "base/clock.h"
#include "base/files.h"
#include "embed/job.h"
#include "store/install/environment.h"
#include "store/install/host_process.h"
#include "store/invoke.h"

namespace fw::test {

namespace {

const std::filesystem::path kBinaries = FW_BIN_DIR;

std::string field(const std::string& body, const char* name) {
  const auto json = nlohmann::json::parse(body, nullptr, false);
  return json.is_object() && json.contains(name) ? json.at(name).get<std::string>() : "";
}

std::filesystem::path host_of(const std::filesystem::path& entry) {
  return kBinaries / (entry.extension() == ".py" ? "fwrun-pyhost" : "fwrun-v8host");
}

template <typename T>
T need(Result<T> result) {
  if (!result) FAIL(result.error().message());
  return std::move(*result);
}

void need(const Status& status) {
  if (!status) FAIL(status.error().message());
}

}  // namespace

std::string Served::text(args::Stream stream) const {
  std::string text;
  for (const args::LogEntry& entry : logs) {
    if (entry.stream == stream) text += entry.text;
  }
  return text;
}

std::string Served::error_type() const {
  REQUIRE_MESSAGE(failed, "answered " << body);
  return field(body, "errorType");
}

std::string Served::error_message() const {
  REQUIRE_MESSAGE(failed, "answered " << body);
  return field(body, "errorMessage");
}

std::string Served::trace() const {
  REQUIRE_MESSAGE(failed, "answered " << body);
  std::string text;
  const auto json = nlohmann::json::parse(body, nullptr, false);
  for (const auto& line : json.at("trace")) text += line.get<std::string>() + "\n";
  return text;
}

FunctionFiles& FunctionFiles::add(std::string_view name, std::string_view content) {
  std::filesystem::create_directories(path(name).parent_path());
  std::ofstream(path(name), std::ios::binary) << content;
  return *this;
}

Installed::Installed(const std::filesystem::path& entry, const HostOptions& options) {
  start(entry, options);
}

void Installed::start(const std::filesystem::path& entry, const HostOptions& options) {
  embed::Job job;
  job.function_name = "tested";
  job.function_version = "7";
  job.entry = std::filesystem::weakly_canonical(entry).string();
  job.handler = options.handler;
  job.signature = options.signature;
  job.image_path = image_.string();
  job.training_events = options.training_events;
  job.environment = options.environment;
  job.memory_mb = options.memory_mb;
  job.timeout_ms = options.timeout_ms;
  job.hook_timeout_ms = options.hook_timeout_ms;
  job.training_timeout_ms = options.training_timeout_ms;

  const UniqueFd job_fd = need(create_memfd("job"));
  need(write_all(job_fd.get(), to_json(job).dump()));
  const UniqueFd output = need(create_memfd("output"));
  args::Slot slot = need(args::Slot::create());
  Process host =
      need(store::start_host({host_of(entry), std::filesystem::path(job.entry).parent_path(),
                              need(store::function_environment(options.environment)), job_fd.get(),
                              slot.memory_fd(), output.get()}));
  const Result<args::Answer> answer = slot.await(host);
  const auto ended = need(host.wait(10 * kNsPerSecond));
  output_ = need(read_file("/proc/self/fd/" + std::to_string(output.get())));
  const std::string end = ended ? ended->describe() : "does not end";
  if (!answer) FAIL(answer.error().message(), "; it ", end, ": ", output_);
  REQUIRE_MESSAGE(ended.has_value(), "the host does not end");
  if (answer->outcome == args::Outcome::kResult) {
    report_ = need(embed::report_from_json(answer->body));
  } else {
    error_ = need(embed::error_report_from_json(answer->body));
  }
}

const embed::Report& Installed::report() const {
  if (!report_) {
    std::string trace;
    for (const std::string& line : error_->trace) trace += "\n" + line;
    FAIL("not installed: ", error_->error_type, ": ", error_->error_message, trace, "\n", output_);
  }
  return *report_;
}

const embed::ErrorReport& Installed::error() const {
  REQUIRE_MESSAGE(error_.has_value(), "installed, against expectation");
  return *error_;
}

Served Installed::invoke(std::string_view arguments, std::uint64_t timeout_ms) const {
  (void)report();
  const UniqueFd image = need(open_file(image_, O_RDONLY));
  const store::Invoked invoked = need(store::invoke_image(
      {image.get(), kBinaries / "fwrun-restore", std::string(arguments), timeout_ms}));
  Served served;
  served.failed = invoked.ending != store::Ending::kResult;
  served.body = invoked.body;
  served.logs = invoked.logs;
  served.timeline = invoked.timeline;
  return served;
}

std::string Installed::result(std::string_view arguments) const {
  const Served served = invoke(arguments);
  REQUIRE_MESSAGE(!served.failed, "answered " << served.body);
  return served.body;
}

}  // namespace fw::test
