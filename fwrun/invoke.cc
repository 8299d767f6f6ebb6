#include <cstdio>
#include <nlohmann/json.hpp>

#include "fwrun/arguments.h"
#include "fwrun/cache.h"
#include "fwrun/commands.h"
#include "fwrun/invoke_by_daemon.h"
#include "fwrun/jit_note.h"
#include "fwrun/output.h"
#include "store/catalog.h"
#include "store/executables.h"
#include "store/invoke.h"
#include "store/phases.h"
#include "store/sweep.h"

namespace fw::cli {

namespace {

std::string phase_table(const std::vector<store::Phase>& phases) {
  std::string table = "phase              us\n";
  for (const store::Phase& phase : phases) {
    char line[64];
    std::snprintf(line, sizeof line, "%-12.*s %8.1f\n", static_cast<int>(phase.name.size()),
                  phase.name.data(), phase.microseconds);
    table += line;
  }
  return table;
}

std::string_view name_of(args::Stream stream) {
  return stream == args::Stream::kStdout ? "stdout" : "stderr";
}

// The body is JSON already and may be large: everything else is put around it.
std::string json_answer(const store::Invoked& invoked, const std::vector<store::Phase>& phases) {
  nlohmann::ordered_json rest;
  rest["tier"] = invoked.tier;
  rest["request_id"] = invoked.request_id;
  nlohmann::ordered_json& timing = rest["timing_us"] = nlohmann::ordered_json::object();
  for (const store::Phase& phase : phases) timing[std::string(phase.name)] = phase.microseconds;
  rest["post_jit"] = post_jit(invoked);
  rest["deoptimised"] = deoptimised(invoked);
  rest["faults"] = {{"minor", invoked.minor_faults}, {"major", invoked.major_faults}};
  nlohmann::ordered_json& logs = rest["logs"] = nlohmann::ordered_json::array();
  for (const args::LogEntry& entry : invoked.logs) {
    logs.push_back({{"stream", name_of(entry.stream)}, {"text", entry.text}});
  }
  if (invoked.log_bytes_dropped > 0) rest["log_bytes_dropped"] = invoked.log_bytes_dropped;

  const std::string tail =
      rest.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
  std::string text = invoked.ending == store::Ending::kResult ? "{\"result\":" : "{\"error\":";
  text += invoked.body;
  text += ",";
  text += std::string_view(tail).substr(1);
  return text + "\n";
}

int exit_code_of(store::Ending ending) {
  switch (ending) {
    case store::Ending::kResult:
      return kOk;
    case store::Ending::kError:
      return kFunctionError;
    case store::Ending::kTimedOut:
      return kTimedOut;
  }
  return kInternal;
}

int print_answer(const store::Invoked& invoked, const Options& options) {
  const std::vector<store::Phase> phases = store::phases_of(invoked.timeline, invoked.received_ns);
  const int code = exit_code_of(invoked.ending);
  const std::string timing =
      options.timing ? phase_table(phases) + describe_jit(invoked) : std::string();
  if (options.json) {
    print_note(timing);
    return print_result(json_answer(invoked, phases), code);
  }
  for (const args::LogEntry& entry : invoked.logs) print_note(entry.text);
  if (invoked.log_bytes_dropped > 0) {
    print_note("fwrun: " + std::to_string(invoked.log_bytes_dropped) +
               " more bytes of console output are lost: it exceeds what an invocation may print\n");
  }
  print_note(timing);
  if (code == kOk) return print_result(invoked.body + "\n", code);
  print_note(invoked.body + "\n");
  return code;
}

Result<store::Invoked> invoke(const store::Home& home, const Options& options) {
  FW_TRY_ASSIGN(store::InstalledVersion version, store::open_current(home, options.subject));
  FW_TRY_ASSIGN(const std::string arguments, read_arguments(options.arguments));
  if (options.daemon && !options.cache) {
    if (auto invoked = invoke_by_daemon(home, options.subject, arguments)) return *invoked;
  }
  FW_TRY_ASSIGN(const std::filesystem::path restorer, store::find_executable(store::kRestorer));
  if (options.cache) {
    Result<cache::CachedImage> cached =
        cached_image({std::move(version.image), std::move(version.pack)});
    if (!cached) return fail(std::move(cached).error());
    version.image = std::move(cached->image);
    version.pack = std::move(cached->pack);
  }
  Result<store::Invoked> invoked = store::invoke_image(
      {version.image.get(), restorer, arguments, version.manifest.timeout_ms, version.pack.get()});
  if (!invoked && invoked.error().code() == Errc::kRefused) {
    return fail(
        std::move(invoked).error().context("the image of '" + options.subject + "' is refused"));
  }
  return invoked;
}

}  // namespace

int run_invoke(const store::Home& home, const Options& options) {
  const Result<store::Invoked> invoked = invoke(home, options);
  const int code =
      invoked ? print_answer(*invoked, options) : report_error(options.json, invoked.error());
  (void)store::sweep(home);  // the answer is out; litter is no reason to fail
  return code;
}

}  // namespace fw::cli
