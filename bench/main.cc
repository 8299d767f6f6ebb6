// fwrun-bench: measures, compares with the bounds, keeps the results.
#include <unistd.h>

#include <exception>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/files.h"
#include "bench/options.h"
#include "bench/output/chart.h"
#include "bench/output/readme.h"
#include "bench/output/table.h"
#include "bench/report.h"
#include "bench/source_commit.h"
#include "bench/suite.h"

namespace {

using namespace fw;
using namespace fw::bench;
namespace fs = std::filesystem;

constexpr const char* kUsualResults = "bench/results/latest.json";

enum ExitCode : int { kAllHold = 0, kMissed = 1, kBadUsage = 2, kNotFound = 4, kFailed = 70 };

int exit_code_of(const Error& error) {
  switch (error.code()) {
    case Errc::kBadInput:
      return kBadUsage;
    case Errc::kNotFound:
      return kNotFound;
    default:
      return kFailed;
  }
}

void say(std::string_view text) { (void)write_all(STDERR_FILENO, text); }

// Absolute: programs that are started elsewhere are told of it.
Result<fs::path> absolute_path(const fs::path& path) {
  std::error_code error;
  fs::path absolute = fs::absolute(path, error);
  if (error) return fail(Error::from_errno(path.string(), error.value()));
  return absolute;
}

Result<fs::path> beside_the_executable() {
  std::error_code error;
  const fs::path self = fs::read_symlink("/proc/self/exe", error);
  if (error) return fail(Error::from_errno("read /proc/self/exe", error.value()));
  return self.parent_path().parent_path();
}

// Where a run's results go: nowhere, unless asked for or a full run of the suite in
// the source tree.
fs::path results_of_run(const Options& options) {
  if (!options.results.empty()) return options.results;
  const bool proof = !options.quick && options.functions.empty();
  const fs::path usual = kUsualResults;
  return proof && fs::is_directory(usual.parent_path()) ? usual : fs::path();
}

Status draw_chart(const fs::path& results, const Report& report) {
  fs::path chart = results;
  chart.replace_extension(".svg");
  return write_file_atomically(chart, draw(restore_chart(report)));
}

Result<Report> measure(const Options& options) {
  SuiteOptions suite{options.quick, options.functions, {}};
  FW_TRY_ASSIGN(suite.folder,
                options.folder.empty() ? beside_the_executable() : absolute_path(options.folder));
  FW_TRY_ASSIGN(Report report, run_suite(suite, [](std::string_view what) {
                  say("fwrun-bench: " + std::string(what) + "\n");
                }));
  report.commit = source_commit();
  return report;
}

// The results so far, to which a run adds its own.
Result<nlohmann::ordered_json> results_before(const fs::path& file, const Options& options) {
  FW_TRY_ASSIGN(nlohmann::ordered_json results, read_results(file));
  const char* other = options.functions.empty() ? kFunctionsSuite : kRestoreSuite;
  if (results.contains("suites") && results["suites"].contains(other)) {
    return fail(Errc::kBadInput, file.string() + " holds the figures of " +
                                     (options.functions.empty() ? "functions" : "the examples") +
                                     ": name another file for these");
  }
  return results;
}

Result<int> run(const Options& options) {
  const fs::path file = results_of_run(options);
  // Before minutes are spent: may these results be written over?
  nlohmann::ordered_json former = nlohmann::ordered_json::object();
  if (!file.empty()) {
    FW_TRY_ASSIGN(former, results_before(file, options));
  }
  FW_TRY_ASSIGN(const Report report, measure(options));
  FW_TRY_ASSIGN(const nlohmann::ordered_json results, merge(std::move(former), report));
  if (!file.empty()) {
    FW_TRY(write_results(file, results));
    FW_TRY(draw_chart(file, report));
  }
  FW_TRY(write_all(STDOUT_FILENO, options.json ? results.dump(2) + "\n" : draw_table(report)));
  return any_missed(report.bounds) ? kMissed : kAllHold;
}

Result<int> refresh(const Options& options) {
  const fs::path file = options.results.empty() ? fs::path(kUsualResults) : options.results;
  FW_TRY_ASSIGN(const nlohmann::ordered_json results, read_results(file));
  FW_TRY_ASSIGN(const Report report, report_from_json(results, kRestoreSuite));
  FW_TRY(draw_chart(file, report));
  FW_TRY(refresh_readme(options.readme, report));
  return kAllHold;
}

Result<int> run_command(int argc, char** argv) {
  FW_TRY_ASSIGN(const Options options, parse_options(argc, argv));
  if (options.help) {
    FW_TRY(write_all(STDOUT_FILENO, kHelp));
    return kAllHold;
  }
  return options.readme.empty() ? run(options) : refresh(options);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const Result<int> code = run_command(argc, argv);
    if (code) return *code;
    say("fwrun-bench: " + code.error().message() + "\n");
    return exit_code_of(code.error());
  } catch (const std::exception& error) {  // memory, or a library's idea of a bug
    (void)write_all(STDERR_FILENO, error.what());
    return kFailed;
  }
}
