// The suite of serving, with few samples: that every figure is there. How long anything
// took is not looked at.
#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "base/files.h"
#include "bench/report.h"
#include "bench/serving/counts.h"
#include "bench/serving/suite.h"
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
  Report report;

  QuickRun() {
    std::filesystem::create_directories(folder / "work");
    ended = run_bench({"--quick", "--only", "serving", "--results", "r.json", "--folder", "work"},
                      folder.path());
    REQUIRE_MESSAGE((ended.code == 0 || ended.code == 1), ended.err);
    report = report_from_json(read_results(folder / "r.json").value(), kServingSuite).value();
  }
};

const QuickRun& quick_run() {
  static const QuickRun kRun;
  return kRun;
}

std::size_t count_of(const std::string& name) {
  const Figure* figure = quick_run().report.figures.find(name);
  REQUIRE_MESSAGE(figure != nullptr, name << " is missing");
  CHECK(figure->summary.p99 >= figure->summary.p50);
  return figure->summary.count;
}

double value_of(const std::string& name) {
  const Figure* figure = quick_run().report.figures.find(name);
  REQUIRE_MESSAGE(figure != nullptr, name << " is missing");
  return figure->value;
}

}  // namespace

TEST_CASE("Forks and calls of clones, reset and not, are measured of each example") {
  CHECK(count_of("serving.floor.fork") == kQuickServing.floor);
  CHECK(count_of("serving.floor.handoff") == kQuickServing.handoffs);
  for (const std::string function : {"nop", "cpu", "nop_python", "words", "montecarlo"}) {
    CAPTURE(function);
    CHECK(count_of(function + ".fork.boot") == kQuickServing.boots);
    CHECK(count_of(function + ".parked.call") == kQuickServing.hot);
    CHECK(count_of(function + ".reset.call") == kQuickServing.hot);
    CHECK(value_of(function + ".reset.pages") > 0);
    CHECK(value_of(function + ".reset.fast") + value_of(function + ".reset.scan") +
              value_of(function + ".reset.full") ==
          doctest::Approx(100));
    CHECK(value_of(function + ".reset.without_jit") == 0);
  }
}

TEST_CASE("Functions are served over HTTP beside a plain node, without a failure") {
  if (const auto& unavailable = quick_run().report.unavailable; unavailable.contains("http")) {
    MESSAGE("skipped: " << unavailable.at("http"));
    return;
  }
  for (const std::string function : {"nop", "nop_python", "montecarlo"}) {
    CAPTURE(function);
    CHECK(value_of("http." + function + ".per_second") > 0);
    CHECK(value_of("http." + function + ".failures") == 0);
  }
  if (!quick_run().report.unavailable.contains("http.node")) {
    CHECK(value_of("http.node.per_second") > 0);
  }
}

TEST_CASE("No call of a burst, of its background or of a crowd fails") {
  const BurstPlan& plan = kQuickServing.bursts;
  CHECK(count_of("bursts.answer") == plan.bursts() * plan.calls);
  CHECK(count_of("bursts.last_answer") == plan.bursts());
  CHECK(count_of("crowd.answer") == plan.crowd);
  CHECK(count_of("background.before") == plan.quiet_seconds * plan.per_second);
  CHECK(count_of("background.during") == (plan.seconds - plan.quiet_seconds) * plan.per_second);
  for (const char* name : {"bursts.failures", "background.failures", "crowd.failures"}) {
    CAPTURE(name);
    CHECK(value_of(name) == 0);
  }
}

TEST_CASE("A suite of serving leaves results, its chart and nothing else") {
  const QuickRun& run = quick_run();
  CHECK(std::filesystem::is_empty(run.folder / "work"));
  CHECK(run.folder.entries() == 3);
  CHECK(xml_fault(read_file(run.folder / "r.serving.svg").value()) == "");
  CHECK(run.ended.out.find("fork boot to answer, NOP") != std::string::npos);
}
