#include "store/install/install.h"

#include <nlohmann/json.hpp>
#include <sstream>

#include "base/clock.h"
#include "base/files.h"
#include "fwrun/cache.h"
#include "fwrun/commands.h"
#include "fwrun/install_report.h"
#include "fwrun/output.h"
#include "store/catalog.h"

namespace fw::cli {

namespace {

std::string_view describe(store::InstallPhase phase) {
  switch (phase) {
    case store::InstallPhase::kCheck:
      return "check the function's files";
    case store::InstallPhase::kWait:
      return "wait: the same function is being installed by another command";
    case store::InstallPhase::kTrain:
      return "boot a host, load the function, train it, capture the process";
    case store::InstallPhase::kRetry:
      return "again: the memory layout of that process had no room for the restorer";
    case store::InstallPhase::kVerify:
      return "restore the image once and compare its answer";
    case store::InstallPhase::kPublish:
      return "publish the version";
  }
  return "";
}

// A line for each phase as it begins, with the time since the start.
store::InstallProgress progress_printer(bool json) {
  return [json, start = monotonic_ns()](store::InstallPhase phase) {
    const std::uint64_t ms = (monotonic_ns() - start) / kNsPerMs;
    if (json) {
      print_note(to_line({{"phase", store::name_of(phase)}, {"ms", ms}}));
      return;
    }
    std::string time = std::to_string(ms);
    time.insert(0, time.size() < 6 ? 6 - time.size() : 0, ' ');
    print_note(time + " ms  " + std::string(describe(phase)) + "\n");
  };
}

Result<store::InstallRequest> make_request(const Options& options) {
  store::InstallRequest request;
  request.source = options.subject;
  request.name = options.name;
  request.handler = options.handler;
  if (!options.signature.empty()) request.signature = options.signature;
  request.environment = options.environment;
  request.memory_mb = options.memory_mb;
  request.timeout_ms = options.timeout_ms;
  request.auto_jit = options.auto_jit;
  request.jit_tolerance = options.jit_tolerance;
  request.require_jit = options.require_jit;
  if (!options.training_file.empty()) {
    Result<std::string> events = read_file(options.training_file);
    if (!events) {
      return fail(Errc::kBadInput,
                  "--train " + options.training_file + ": " + events.error().message());
    }
    request.training_events = std::move(*events);
    request.training_source = options.training_file;
  }
  return request;
}

// JavaScript's lines, or Python's, which are of two lines each.
void print_trace(const nlohmann::json& detail) {
  for (const char* name : {"trace", "stackTrace"}) {
    for (const nlohmann::json& frame : detail.value(name, nlohmann::json::array())) {
      if (!frame.is_string()) continue;
      std::istringstream lines(frame.get<std::string>());
      for (std::string line; std::getline(lines, line);) print_note("    " + line + "\n");
    }
  }
}

int report_failure(const Options& options, const store::InstallFailure& failure) {
  const Errc cause = failure.error.code();
  const ExitCode code = cause == Errc::kBadInput   ? kBadUsage
                        : cause == Errc::kInternal ? kInternal
                                                   : kInstallFailed;
  if (options.json) {
    nlohmann::json error = failure.detail.is_object() ? failure.detail : nlohmann::json::object();
    error["code"] = name_of(code);
    error["message"] = failure.error.message();
    if (!failure.host_output.empty()) error["output"] = failure.host_output;
    return print_result(to_line({{"error", std::move(error)}}), code);
  }
  if (!failure.host_output.empty()) {
    print_note("--- printed by the function while it was installed ---\n" + failure.host_output);
    if (failure.host_output.back() != '\n') print_note("\n");
    print_note("---\n");
  }
  (void)report_error(false, failure.error, code);
  if (failure.detail.is_object()) print_trace(failure.detail);
  const std::string type =
      failure.detail.is_object() ? failure.detail.value("errorType", std::string()) : std::string();
  if (options.training_file.empty() && type.starts_with("Training.")) {
    print_note(
        "No training events were given: --train FILE, or an exported `warmup`, tells which "
        "events the function expects.\n");
  }
  if (code == kInstallFailed) print_note("Nothing was installed or changed.\n");
  return code;
}

// What the first invocation with --cache would do. The function is installed
// whatever comes of it.
void fill_cache(const store::Home& home, const std::string& name) {
  Result<store::InstalledVersion> version = store::open_current(home, name);
  if (version) (void)cached_image({std::move(version->image), std::move(version->pack)});
}

}  // namespace

int run_install(const store::Home& home, const Options& options) {
  const Result<store::InstallRequest> request = make_request(options);
  if (!request) return report_error(options.json, request.error());
  const std::uint64_t start = monotonic_ns();
  const store::InstallResult installed =
      store::install(home, *request, progress_printer(options.json));
  if (!installed) return report_failure(options, installed.error());

  forget_removed_images();
  if (options.cache) fill_cache(home, installed->name);

  if (options.json) {
    return print_result(
        to_line({{"installed", installed->manifest}, {"report", installed->report}}), kOk);
  }
  const std::uint64_t ms = (monotonic_ns() - start) / kNsPerMs;
  return print_result("installed " + installed->name + ", version " +
                          std::to_string(installed->version) + ", in " + std::to_string(ms) +
                          " ms\n\n" + describe_report(installed->report),
                      kOk);
}

}  // namespace fw::cli
