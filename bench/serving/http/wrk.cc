#include "bench/serving/http/wrk.h"

#include <cstdio>
#include <system_error>

#include "base/files.h"
#include "bench/program.h"

namespace fw::bench {

namespace {

constexpr const char* kMark = "fwrun-bench ";

// wrk's own text is for people; done() gets the numbers.
constexpr const char* kDone = R"(
done = function(summary, latency, requests)
  local e = summary.errors
  io.write(string.format("\nfwrun-bench %.0f %.6f %.3f %.3f %.0f %.0f\n", summary.requests,
    summary.duration / 1e6, latency:percentile(50), latency:percentile(99), e.status,
    e.connect + e.read + e.write + e.timeout))
end
)";

}  // namespace

Result<std::filesystem::path> find_wrk() {
  std::error_code error;
  for (const char* path : {"/usr/bin/wrk", "/usr/local/bin/wrk"}) {
    if (std::filesystem::exists(path, error)) return std::filesystem::path(path);
  }
  return fail(Errc::kNotFound, "wrk is not installed: make setup, or apt-get install wrk");
}

std::string lua_quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    char escaped[8];
    std::snprintf(escaped, sizeof escaped, "\\%03u", static_cast<unsigned char>(c));
    quoted += escaped;
  }
  return quoted + "\"";
}

Result<WrkResult> read_wrk(std::string_view output) {
  const std::size_t at = output.rfind(kMark);
  WrkResult result;
  if (at == std::string_view::npos ||
      std::sscanf(std::string(output.substr(at)).c_str(), "fwrun-bench %lf %lf %lf %lf %lf %lf",
                  &result.requests, &result.seconds, &result.p50_us, &result.p99_us,
                  &result.bad_statuses, &result.bad_sockets) != 6 ||
      result.seconds <= 0) {
    return fail(Errc::kInternal, "wrk printed no result: " + std::string(output));
  }
  return result;
}

Result<WrkResult> run_wrk(const std::filesystem::path& wrk, const WrkRun& run,
                          const std::filesystem::path& folder) {
  const std::filesystem::path script = folder / "wrk.lua";
  FW_TRY(write_file_atomically(
      script, "wrk.method = \"POST\"\nwrk.body = " + lua_quoted(run.body) +
                  "\nwrk.headers[\"Content-Type\"] = \"application/json\"\n" + kDone));
  FW_TRY_ASSIGN(const Finished finished,
                bench::run({wrk,
                            {"-t1", "-c" + std::to_string(run.connections),
                             "-d" + std::to_string(run.seconds) + "s", "-s", script.string(),
                             "http://127.0.0.1:" + std::to_string(run.port) + run.path}}));
  return read_wrk(finished.output);
}

}  // namespace fw::bench
