// The soak, a short one: thousands of invocations of functions that fail in every way,
// while their processes are killed. Every answer must be right, and nothing may be left.
#include <doctest/doctest.h>

#include <filesystem>

#include "bench/report.h"
#include "bench/serving/suite.h"
#include "tests/bench/bench_command.h"
#include "tests/scratch_folder.h"

using namespace fw;
using namespace fw::bench;
using namespace fw::test;

TEST_CASE("Of thousands of invocations with faults all are answered rightly and none leaks") {
  const ScratchFolder folder;
  std::filesystem::create_directories(folder / "work");
  const Ended ended =
      run_bench({"--soak", "--quick", "--results", "r.json", "--folder", "work"}, folder.path());
  REQUIRE_MESSAGE((ended.code == 0 || ended.code == 1), ended.err);
  const Report report =
      report_from_json(read_results(folder / "r.json").value(), kSoakSuite).value();
  CAPTURE(ended.out);
  CHECK(report.figures.find("soak.invocations")->value == 3000);
  CHECK(report.figures.find("soak.killed")->value > 0);
  for (const Bound& bound : report.bounds) {
    CAPTURE(bound.name);
    CAPTURE(bound.value.value_or(-1));
    CHECK(bound.pass() == true);
  }
  CHECK(std::filesystem::is_empty(folder / "work"));
}
