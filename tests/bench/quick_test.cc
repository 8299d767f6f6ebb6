// The whole benchmark, with few samples: that every figure is there, with as many
// samples as it should have. How long anything took is not looked at.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <map>
#include <set>

#include "base/files.h"
#include "bench/counts.h"
#include "bench/live/live_calls.h"
#include "bench/program.h"
#include "bench/report.h"
#include "bench/suite.h"
#include "tests/bench/bench_command.h"
#include "tests/bench/well_formed.h"
#include "tests/scratch_folder.h"

using namespace fw;
using namespace fw::bench;
using namespace fw::test;
using Json = nlohmann::ordered_json;

namespace {

// One run, for all cases.
struct QuickRun {
  ScratchFolder folder;
  Ended ended;
  Json results;
  Report report;

  QuickRun() {
    std::filesystem::create_directories(folder / "work");
    ended = run_bench({"--quick", "--only", "restore", "--results", "r.json", "--folder", "work"},
                      folder.path());
    REQUIRE_MESSAGE((ended.code == 0 || ended.code == 1), ended.err);
    results = read_results(folder / "r.json").value();
    report = report_from_json(results, kRestoreSuite).value();
  }
};

const QuickRun& quick_run() {
  static const QuickRun kRun;
  return kRun;
}

constexpr std::array<const char*, 5> kExamples{"nop", "cpu", "nop_python", "montecarlo", "words"};

std::string peer_of(const std::string& function) {
  return function == "nop" || function == "cpu" ? "debian" : "python";
}

std::size_t count_of(const Report& report, const std::string& name) {
  const Figure* figure = report.figures.find(name);
  REQUIRE_MESSAGE(figure != nullptr, name << " is missing");
  CHECK(figure->value >= 0);
  CHECK(figure->summary.p99 >= figure->summary.p50);
  return figure->summary.count;
}

// Half of the slow ones is enough.
std::size_t cold_count(const Report& report, const std::string& figure) {
  const std::size_t count = count_of(report, figure);
  CHECK((count == kQuickCounts.cold || count == kQuickCounts.cold / 2));
  return count;
}

std::vector<std::string> forms_measured(const Report& report) {
  std::vector<std::string> forms;
  for (const std::string function : kExamples) {
    for (const char* kind : {".store", ".cache"}) {
      if (!report.unavailable.contains(function + kind)) forms.push_back(function + kind);
    }
  }
  return forms;
}

}  // namespace

TEST_CASE("A run reports the machine, the date and how it was measured") {
  const Report& report = quick_run().report;
  CHECK(report.quick);
  CHECK(report.date.size() == std::string("2024-05-17T09:30:00Z").size());
  CHECK_FALSE(report.machine.cpu.empty());
  CHECK(report.machine.cores > 0);
  CHECK(report.machine.memory_bytes > 0);
  CHECK_FALSE(report.machine.kernel.empty());
  CHECK_FALSE(report.machine.os.empty());
  CHECK_FALSE(report.machine.filesystem.empty());
  CHECK(report.notes.size() >= 3);
}

TEST_CASE("Every figure is there, with the samples it should have") {
  const Report& report = quick_run().report;
  CHECK(count_of(report, "floor.fork") == kQuickCounts.floor);
  CHECK(count_of(report, "floor.exec") == kQuickCounts.floor / 2);
  const std::vector<std::string> forms = forms_measured(report);
  CHECK(forms.size() >= kExamples.size());
  for (const std::string& form : forms) {
    CAPTURE(form);
    for (const char* figure : {".restore", ".first_call", ".minor_faults", ".major_faults"}) {
      CHECK(count_of(report, form + figure) == kQuickCounts.restores);
    }
    for (const char* phase : {"spawn", "map", "reseed", "handler", "deliver"}) {
      CHECK(count_of(report, form + ".phase." + phase) == kQuickCounts.restores);
    }
    CHECK(count_of(report, form + ".mappings") == kQuickCounts.mappings);
    CHECK(report.figures.find(form + ".mappings")->value > 10);
    CHECK(report.figures.find(form + ".minor_faults")->value > 0);
  }
  for (const std::string function : kExamples) {
    CAPTURE(function);
    for (const char* figure : {".install", ".first_call_unoptimised", ".steady_call",
                               ".image_bytes", ".image_mappings", ".image_allocated"}) {
      CHECK(count_of(report, function + figure) == 1);
    }
    CHECK(count_of(report, function + ".command") == kQuickCounts.commands);
    const std::string peer = peer_of(function) + ".one_cpu";
    CHECK(cold_count(report, function + ".cold_to_exit." + peer) ==
          cold_count(report, function + ".cold." + peer));
    // The second half of the calls of each process.
    CHECK(count_of(report, function + ".live.call") == kQuickCounts.live * kLiveCalls / 2);
    for (const char* after : {"first", "100"}) {
      const std::string figure = function + ".live.private_after_" + after;
      CHECK(count_of(report, figure) == kQuickCounts.live);
      CHECK(report.figures.find(figure)->value > 4096);
    }
  }
}

TEST_CASE("Every call of a compiled function is counted, and ran what training compiled") {
  const Report& report = quick_run().report;
  const double forms = report.unavailable.contains("montecarlo.cache") ? 1 : 2;
  for (const std::string function : {"montecarlo", "cpu"}) {
    CAPTURE(function);
    REQUIRE(report.figures.find(function + ".invocations") != nullptr);
    CHECK(report.figures.find(function + ".invocations")->value >=
          forms * static_cast<double>(kQuickCounts.restores + kQuickCounts.warm_up) + kLiveCalls);
    CHECK(report.figures.find(function + ".without_jit")->value == 0);
  }
  // Nothing of it is compiled.
  CHECK(report.figures.find("nop_python.without_jit") == nullptr);
}

TEST_CASE("CRIU is cited, and what is here of it is told") {
  const Report& report = quick_run().report;
  CHECK(report.figures.find("cited.criu_numba")->summary.count == 0);
  CHECK(std::count_if(report.notes.begin(), report.notes.end(), [](const std::string& note) {
          return note.starts_with("CRIU is cited, not measured");
        }) == 1);
}

TEST_CASE("Names of figures and bounds are there once") {
  for (const char* list : {"figures", "bounds"}) {
    std::set<std::string> names;
    for (const Json& item : quick_run().results[list]) {
      CAPTURE(item["name"].get<std::string>());
      CHECK(names.insert(item["name"]).second);
      CHECK(item["suite"] == kRestoreSuite);
    }
    CHECK(names.size() >= 12);
  }
}

TEST_CASE("No restore fails and nothing is left behind") {
  const Report& report = quick_run().report;
  CHECK(report.figures.find("endurance.restores")->value == kQuickCounts.endured);
  for (const char* name :
       {"endurance.failures", "endurance.leaked_descriptors", "endurance.leaked_processes"}) {
    CAPTURE(name);
    CHECK(report.figures.find(name)->value == 0);
  }
  // Without a view of its own, what others do to shared memory is counted as well.
  const bool own_view =
      std::none_of(report.notes.begin(), report.notes.end(), [](const std::string& note) {
        return note.starts_with("shared memory left behind may be others'");
      });
  if (own_view) {
    CHECK(report.figures.find("endurance.leaked_shared_memory")->value == 0);
  } else {
    MESSAGE("skipped: leaks of shared memory cannot be told from others' use of it without root");
  }
  CHECK(std::filesystem::is_empty(quick_run().folder / "work"));
  CHECK(quick_run().folder.entries() == 3);  // work, the results and the chart
}

TEST_CASE("The exit code tells whether a bound is missed, and every bound is judged or says why") {
  const QuickRun& run = quick_run();
  CHECK((run.ended.code == 1) == any_missed(run.report.bounds));
  for (const Bound& bound : run.report.bounds) {
    CAPTURE(bound.name);
    CHECK(bound.pass().has_value() == bound.note.empty());
  }
}

TEST_CASE("The table is on standard output and the chart beside the results") {
  const QuickRun& run = quick_run();
  for (const char* part :
       {"restore to answer, NOP, from the store", "phase, median us", "holds", "a quick run"}) {
    CHECK(run.ended.out.find(part) != std::string::npos);
  }
  const std::string chart = read_file(run.folder / "r.svg").value();
  CHECK(xml_fault(chart) == "");
  CHECK(chart.find("fwrun, restored from the store") != std::string::npos);
}

TEST_CASE("A readme is refreshed from the results without measuring again") {
  const QuickRun& run = quick_run();
  const ScratchFolder folder;
  std::ofstream(folder / "README.md") << "a\n<!-- bench:begin -->\n<!-- bench:end -->\nb\n";
  std::filesystem::copy_file(run.folder / "r.json", folder / "r.json");
  const Ended ended = run_bench({"--readme", "README.md", "--results", "r.json"}, folder.path());
  CHECK_MESSAGE(ended.code == 0, ended.err);
  const std::string readme = read_file(folder / "README.md").value();
  for (const char* part :
       {"| JavaScript, median", "| Python, median",
        "| restored from the store, request to answer | ", "\nCRIU is cited, not measured"}) {
    CAPTURE(part);
    CHECK(readme.find(part) != std::string::npos);
  }
  CHECK(read_file(folder / "r.svg").value() == read_file(run.folder / "r.svg").value());
}

TEST_CASE("A function of the user's own is measured where it is installed") {
  const ScratchFolder folder;
  std::filesystem::create_directories(folder / "work");
  std::ofstream(folder / "mine.js") << "exports.handler = async (event) => event.n + 1;\n"
                                       "exports.warmup = [{ n: 1 }];\n";
  const std::string home = (folder / "home").string();
  REQUIRE(bench::run({FW_BIN_DIR "/fwrun",
                      {"--install", (folder / "mine.js").string(), "--json"},
                      {"FWRUN_HOME=" + home}}));
  ::setenv("FWRUN_HOME", home.c_str(), 1);
  const Ended ended = run_bench(
      {"--quick", "--json", "--function", "mine", "--folder", (folder / "work").string()});
  ::unsetenv("FWRUN_HOME");
  REQUIRE_MESSAGE(ended.code == 0, ended.err);
  const Json results = Json::parse(ended.out);
  const Report report = report_from_json(results, kFunctionsSuite).value();
  CHECK(count_of(report, "mine.store.restore") == kQuickCounts.restores);
  CHECK(count_of(report, "mine.cold.debian.one_cpu") == kQuickCounts.cold);
  CHECK(count_of(report, "mine.steady_call") == 1);
  CHECK(report.figures.find("nop.store.restore") == nullptr);
  CHECK(report.bounds.size() == 4);  // that nothing fails and nothing leaks
  CHECK(std::filesystem::is_empty(folder / "work"));
  CHECK(std::filesystem::exists(folder / "home/functions/mine/current"));
}

TEST_CASE("A Python function of the user's own is compared with a cold Python") {
  const ScratchFolder folder;
  std::filesystem::create_directories(folder / "work");
  std::ofstream(folder / "mine.py") << "def plus_one(event): return event['n'] + 1\n"
                                       "warmup = [{'n': 1}]\n";
  const std::string home = (folder / "home").string();
  REQUIRE(bench::run({FW_BIN_DIR "/fwrun",
                      {"--install", (folder / "mine.py").string(), "--handler", "plus_one"},
                      {"FWRUN_HOME=" + home}}));
  ::setenv("FWRUN_HOME", home.c_str(), 1);
  const Ended ended = run_bench(
      {"--quick", "--json", "--function", "mine", "--folder", (folder / "work").string()});
  ::unsetenv("FWRUN_HOME");
  REQUIRE_MESSAGE(ended.code == 0, ended.err);
  const Report report = report_from_json(Json::parse(ended.out), kFunctionsSuite).value();
  CHECK(count_of(report, "mine.store.restore") == kQuickCounts.restores);
  CHECK(count_of(report, "mine.cold.python.one_cpu") == kQuickCounts.cold);
  CHECK(report.figures.find("mine.cold.debian.one_cpu") == nullptr);
  CHECK(count_of(report, "mine.live.call") == kQuickCounts.live * kLiveCalls / 2);
  CHECK(folder.entries() == 3);  // no __pycache__ beside the function
}

TEST_CASE("A run that is told to end cleans up, and says that it wrote nothing") {
  const ScratchFolder folder;
  std::filesystem::create_directories(folder / "work");
  BenchCommand bench({"--quick", "--results", "r.json", "--folder", "work"}, folder.path());
  bench.wait_for_note("warming up");
  REQUIRE(bench.process().send_signal(SIGTERM));
  const Ended ended = bench.wait();
  CHECK(ended.code == 70);
  CHECK(ended.err.find("interrupted; nothing was written") != std::string::npos);
  CHECK(std::filesystem::is_empty(folder / "work"));
  CHECK(folder.entries() == 1);
}
