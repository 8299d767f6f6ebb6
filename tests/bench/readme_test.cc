#include "bench/output/readme.h"

#include <doctest/doctest.h>

#include <fstream>

#include "base/files.h"
#include "bench/serving/suite.h"
#include "tests/scratch_folder.h"

using namespace fw;
using namespace fw::bench;

namespace {

constexpr const char* kDocument =
    "before\n<!-- bench:begin -->\nformer block\n<!-- bench:end -->\nafter\n";

Report report_of_functions() {
  Report report;
  report.date = "2024-05-17T09:30:00Z";
  report.commit = "abc";
  report.machine.cpu = "a CPU";
  report.figures.add("floor.fork", "", "us", std::vector<double>{60, 61, 62});
  report.figures.add("nop.store.restore", "", "us", std::vector<double>(1000, 800.0));
  report.figures.add("cpu.store.restore", "", "us", std::vector<double>(1000, 900.0));
  report.figures.add("nop.cold.newest.one_cpu", "", "us", 25'000.0);
  report.figures.add("montecarlo.store.restore", "", "us", std::vector<double>(1000, 1200.0));
  report.figures.add("montecarlo.cold.python.all_cpus", "", "us", 450'000.0);
  report.figures.add("montecarlo.image_allocated", "", "bytes", 69e6);
  report.figures.add("endurance.restores", "", "", 10'000.0);
  report.notes = {"a note", "CRIU is cited, not measured"};
  Bound missed;
  missed.what = "a thing";
  missed.value = 5;
  missed.bound = 4;
  report.bounds = {missed};
  return report;
}

}  // namespace

TEST_CASE("The block between the marks is replaced and nothing else") {
  CHECK(replace_block(kDocument, "new\n").value() ==
        "before\n<!-- bench:begin -->\nnew\n<!-- bench:end -->\nafter\n");
  CHECK(replace_block("<!-- bench:begin --><!-- bench:end -->", "x\n").value() ==
        "<!-- bench:begin -->\nx\n<!-- bench:end -->");
}

TEST_CASE("Marks that are missing, doubled or in the wrong order are refused") {
  for (const std::string document :
       {"", "<!-- bench:begin -->", "<!-- bench:end -->", "<!-- bench:end --><!-- bench:begin -->",
        "<!-- bench:begin --><!-- bench:begin --><!-- bench:end -->",
        "<!-- bench:begin --><!-- bench:end --><!-- bench:end -->"}) {
    CAPTURE(document);
    const Result<std::string> replaced = replace_block(document, "x");
    REQUIRE_FALSE(replaced);
    CHECK(replaced.error().code() == Errc::kBadInput);
    CHECK(replaced.error().message().find("bench:begin") != std::string::npos);
  }
}

TEST_CASE("The tables name machine, date, counts and what was missed") {
  const std::string text = readme_tables(report_of_functions());
  for (const char* part :
       {"a CPU", "2024-05-17", "source abc", "1,000 restores of each function", "10,000 in a row",
        "the floor: 61 µs (62 µs).",
        "| JavaScript, median (p99) | `nop` | `cpu` |\n|---|---:|---:|\n",
        "| 800 µs (800 µs) | 900 µs (900 µs) |", "| 25 ms | - |",
        "| Python, median (p99) | `nop_python` | `words`, standard library | `montecarlo`, Numba |",
        "to its answer | - | - | 450 ms |", "| image, on disk | - | - | 69 MB |",
        "\nCRIU is cited, not measured.\n", "| a thing | 5 | at most 4 | **missed** |"}) {
    CAPTURE(part);
    CAPTURE(text);
    CHECK(text.find(part) != std::string::npos);
  }
  CHECK(text.find("quick") == std::string::npos);
  CHECK(text.find("with the cache") == std::string::npos);
  CHECK(text.find("a note") == std::string::npos);
}

TEST_CASE("A language of which nothing was measured has no table") {
  Report report;
  report.figures.add("nop.store.restore", "", "us", 800.0);
  CHECK(readme_tables(report).find("| JavaScript, ") != std::string::npos);
  CHECK(readme_tables(report).find("| Python, ") == std::string::npos);
}

TEST_CASE(
    "The part of serving tells of functions, servers and crowds, as far as they were measured") {
  Report report;
  report.suite = kServingSuite;
  report.figures.add("serving.floor.handoff", "", "us", std::vector<double>{3.5, 3.6, 3.7});
  report.figures.add("nop.parked.call", "", "us", 7.0);
  report.figures.add("words.reset.call", "", "us", std::vector<double>{60, 61, 62});
  report.figures.add("http.nop.per_second", "", "per second", 41234.0);
  report.figures.add("http.nop.p50", "", "us", 300.0);
  report.figures.add("http.nop.p99", "", "us", 900.0);
  report.figures.add("bursts.last_answer", "", "us", std::vector<double>{50'000, 60'000});
  report.notes = {"HTTP peer: none", "another note"};
  const std::string text = readme_serving(report);
  for (const char* part :
       {"the floor: 3.60 µs (3.70 µs).", "| call of a waiting process, not reset | 7 µs | - |",
        "| - | - | - | 61 µs (62 µs) | - |", "| 41,234 | 300 µs | 900 µs |",
        "| the last of them | 55 ms (60 ms) |", "- HTTP peer: none\n"}) {
    CAPTURE(part);
    CAPTURE(text);
    CHECK(text.find(part) != std::string::npos);
  }
  CHECK(text.find("workerd") == std::string::npos);
  CHECK(text.find("another note") == std::string::npos);
}

TEST_CASE("The part of a soak tells how much was asked, and its bounds") {
  Report report;
  report.suite = kSoakSuite;
  report.date = "2024-05-17T09:30:00Z";
  report.figures.add("soak.invocations", "", "", 1'000'000.0);
  report.figures.add("soak.killed", "", "", 1234.0);
  report.bounds = soak_bounds(report.figures, {});
  const std::string text = readme_soak(report);
  CHECK(text.find("1,000,000 invocations of five functions") != std::string::npos);
  CHECK(text.find("1,234 of their processes killed") != std::string::npos);
  CHECK(text.find("| soak: descriptors left behind | - | at most 0 | not judged: ") !=
        std::string::npos);
}

TEST_CASE("Parts stand one after the other in a readme") {
  const test::ScratchFolder folder;
  std::ofstream(folder / "README.md") << kDocument;
  Report serving;
  serving.suite = kServingSuite;
  REQUIRE(refresh_readme(folder / "README.md", {report_of_functions(), serving}));
  const std::string text = read_file(folder / "README.md").value();
  CHECK(text.find("| JavaScript, median") < text.find("**Serving**"));
  CHECK(text.find("**Serving**") < text.find("<!-- bench:end -->"));
}

TEST_CASE("A quick run says that it must not be quoted") {
  Report report = report_of_functions();
  report.quick = true;
  CHECK(readme_tables(report).find("too few samples to quote") != std::string::npos);
}

TEST_CASE("A readme is refreshed in place, and a second time changes nothing") {
  const test::ScratchFolder folder;
  std::ofstream(folder / "README.md") << kDocument;
  REQUIRE(refresh_readme(folder / "README.md", {report_of_functions()}));
  const std::string once = read_file(folder / "README.md").value();
  CHECK(once.starts_with("before\n"));
  CHECK(once.ends_with("after\n"));
  CHECK(once.find("former block") == std::string::npos);
  REQUIRE(refresh_readme(folder / "README.md", {report_of_functions()}));
  CHECK(read_file(folder / "README.md").value() == once);
  CHECK(folder.entries() == 1);
}

TEST_CASE("A readme without marks, or none at all, is an error that names it") {
  const test::ScratchFolder folder;
  std::ofstream(folder / "README.md") << "no marks";
  const Status unmarked = refresh_readme(folder / "README.md", {report_of_functions()});
  REQUIRE_FALSE(unmarked);
  CHECK(unmarked.error().message().find("README.md") != std::string::npos);
  CHECK(read_file(folder / "README.md").value() == "no marks");
  const Status missing = refresh_readme(folder / "other.md", {report_of_functions()});
  REQUIRE_FALSE(missing);
  CHECK(missing.error().message().find("other.md") != std::string::npos);
}
