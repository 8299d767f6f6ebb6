// fwrun-bench: measures, compares with the bounds, keeps the results.
#include <unistd.h>

#include <exception>
#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/files.h"
#include "bench/options.h"
#include "bench/output/chart.h"
#include "bench/output/readme.h"
#include "bench/output/table.h"
#include "bench/report.h"
#include "bench/serving/suite.h"
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

fs::path beside(const fs::path& results, const char* ending) {
  fs::path path = results;
  return path.replace_extension(ending);
}

// Of the suites that have one.
Status draw_chart(const fs::path& results, const Report& report) {
  if (report.suite == kSoakSuite) return {};
  const bool serving = report.suite == kServingSuite;
  return write_file_atomically(beside(results, serving ? ".serving.svg" : ".svg"),
                               draw(serving ? serving_chart(report) : restore_chart(report)));
}

// Several suites, one after the other.
Result<std::vector<Report>> measure(const Options& options) {
  fs::path folder;
  FW_TRY_ASSIGN(folder,
                options.folder.empty() ? beside_the_executable() : absolute_path(options.folder));
  const Progress progress = [](std::string_view what) {
    say("fwrun-bench: " + std::string(what) + "\n");
  };
  std::vector<Report> reports;
  if (options.soak) {
    FW_TRY_ASSIGN(Report report,
                  run_soak_suite({options.quick, options.invocations, folder}, progress));
    reports.push_back(std::move(report));
  } else if (options.only != kServingSuite) {
    FW_TRY_ASSIGN(Report report, run_suite({options.quick, options.functions, folder}, progress));
    reports.push_back(std::move(report));
  }
  if (!options.soak && options.functions.empty() && options.only != kRestoreSuite) {
    FW_TRY_ASSIGN(Report report,
                  run_serving_suite({options.quick, options.burst_seconds, folder}, progress));
    reports.push_back(std::move(report));
  }
  for (Report& report : reports) report.commit = source_commit();
  return reports;
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
  nlohmann::ordered_json results = nlohmann::ordered_json::object();
  if (!file.empty()) {
    FW_TRY_ASSIGN(results, results_before(file, options));
  }
  FW_TRY_ASSIGN(const std::vector<Report> reports, measure(options));
  std::string tables;
  bool missed = false;
  for (const Report& report : reports) {
    FW_TRY_ASSIGN(results, merge(std::move(results), report));
    if (!file.empty()) FW_TRY(draw_chart(file, report));
    tables += (tables.empty() ? "" : "\n") + draw_table(report);
    missed = missed || any_missed(report.bounds);
  }
  if (!file.empty()) FW_TRY(write_results(file, results));
  FW_TRY(write_all(STDOUT_FILENO, options.json ? results.dump(2) + "\n" : tables));
  return missed ? kMissed : kAllHold;
}

Result<int> refresh(const Options& options) {
  const fs::path file = options.results.empty() ? fs::path(kUsualResults) : options.results;
  FW_TRY_ASSIGN(const nlohmann::ordered_json results, read_results(file));
  std::vector<Report> reports;
  for (const char* suite : {kRestoreSuite, kServingSuite, kSoakSuite}) {
    Result<Report> report = report_from_json(results, suite);
    // Restores are what a README cannot be without.
    if (!report && (suite == kRestoreSuite || report.error().code() != Errc::kNotFound)) {
      return fail(std::move(report).error());
    }
    if (!report) continue;
    FW_TRY(draw_chart(file, *report));
    reports.push_back(std::move(*report));
  }
  FW_TRY(refresh_readme(options.readme, reports));
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
