#include "bench/output/chart.h"

#include <doctest/doctest.h>

#include "bench/output/svg.h"
#include "tests/bench/well_formed.h"

using namespace fw::bench;
using fw::test::xml_fault;

namespace {

// Value of `attribute` of the n-th bar's rectangle (the first rectangle is the page).
double of_bar(const std::string& svg, std::size_t number, const std::string& attribute) {
  std::size_t at = svg.find("<rect");
  for (std::size_t i = 0; i < number; ++i) at = svg.find("<rect", at + 1);
  REQUIRE(at != std::string::npos);
  const std::string key = " " + attribute + "=\"";
  return std::stod(svg.substr(svg.find(key, at) + key.size()));
}

std::size_t count(const std::string& text, const std::string& part) {
  std::size_t found = 0;
  for (std::size_t at = 0; (at = text.find(part, at)) != std::string::npos; ++at) ++found;
  return found;
}

}  // namespace

TEST_CASE("The check for well-formedness finds what a writer can do wrong") {
  CHECK(xml_fault("<a b=\"1\"><c/>x &amp; y</a>\n").empty());
  for (const char* broken :
       {"", "text", "<a>", "</a>", "<a></b>", "<a/><b/>", "<a b=1/>", "<a b=\"1\" b=\"2\"/>",
        "<a>&</a>", "<a>&nbsp;</a>", "<a b=\"<\"/>", "<a b=\"1/>", "<a>\x01</a>", "<a", "<a/>x"}) {
    CAPTURE(broken);
    CHECK_FALSE(xml_fault(broken).empty());
  }
}

TEST_CASE("A chart is well-formed, with a bar, a label and a value for each duration") {
  const std::string svg = draw(
      {"Title",
       "Subtitle",
       {{"", {{"first", 60, BarKind::kFloor}}}, {"Group", {{"second", 20'000, BarKind::kOurs}}}}});
  CHECK(xml_fault(svg) == "");
  CHECK(count(svg, "<rect") == 3);
  for (const char* part : {">Title<", ">Subtitle<", ">Group<", ">first<", ">second<", ">60 µs<",
                           ">20 ms<", "class=\"floor\"", "class=\"ours\""}) {
    CAPTURE(part);
    CHECK(count(svg, part) == 1);
  }
}

TEST_CASE("Labels may hold anything, and arrive as text") {
  const std::string svg =
      draw({"a < b & c", "\"quoted\" 'text'\x01", {{"a > b", {{"<script>", 5, BarKind::kOurs}}}}});
  CHECK(xml_fault(svg) == "");
  CHECK(count(svg, "&lt;script&gt;") == 1);
  CHECK(count(svg, "a &gt; b") == 1);
  CHECK(count(svg, "<script>") == 0);
  CHECK(xml_escaped("a&b\n") == "a&amp;b");
}

TEST_CASE("Ten times as long is the same step to the right, from any length") {
  const std::string svg = draw({"",
                                "",
                                {{"", {{"a", 10, BarKind::kOurs}, {"b", 100, BarKind::kOurs}}},
                                 {"", {{"c", 1000, BarKind::kOurs}}}}});
  const double a = of_bar(svg, 1, "width");
  const double b = of_bar(svg, 2, "width");
  const double c = of_bar(svg, 3, "width");
  CHECK(b > a);
  CHECK(c - b == doctest::Approx(b - a).epsilon(0.05));
}

TEST_CASE("Bars stay within the page, whatever their lengths") {
  const std::string svg =
      draw({"", "", {{"", {{"short", 0.02, BarKind::kOurs}, {"long", 9e8, BarKind::kOurs}}}}});
  CHECK(xml_fault(svg) == "");
  const double page = of_bar(svg, 0, "width");
  for (const std::size_t bar : {1, 2}) {
    CHECK(of_bar(svg, bar, "width") > 0);
    CHECK(of_bar(svg, bar, "x") + of_bar(svg, bar, "width") < page);
  }
}

TEST_CASE("A chart without bars, and with one of no length, is a page without bars") {
  CHECK(xml_fault(draw({"Title", "", {}})) == "");
  const std::string svg = draw({"Title", "", {{"Group", {{"nothing", 0, BarKind::kOurs}}}}});
  CHECK(xml_fault(svg) == "");
  CHECK(count(svg, "<rect") == 1);
  CHECK(count(svg, "Group") == 0);
}

TEST_CASE("Groups follow each other, and nothing of one lies upon another") {
  const std::string svg = draw({"",
                                "",
                                {{"one", {{"a", 10, BarKind::kOurs}, {"b", 10, BarKind::kOurs}}},
                                 {"two", {{"c", 10, BarKind::kOurs}}}}});
  const double height = of_bar(svg, 1, "height");
  CHECK(of_bar(svg, 2, "y") >= of_bar(svg, 1, "y") + height);
  CHECK(of_bar(svg, 3, "y") > of_bar(svg, 2, "y") + 2 * height);  // a heading between them
  CHECK(of_bar(svg, 3, "y") + height < of_bar(svg, 0, "height"));
}

TEST_CASE("The chart of restores shows what was measured and leaves out what was not") {
  Report report;
  report.machine.cpu = "a CPU";
  report.figures.add("floor.fork", "", "us", 60.0);
  report.figures.add("nop.store.restore", "", "us", 800.0);
  report.figures.add("nop.cold.newest.one_cpu",
                     "cold process to answer, node 22.1.0 on one CPU, NOP", "us", 3e4);
  report.figures.add("nop.cold.newest.all_cpus",
                     "cold process to answer, node 22.1.0 on all CPUs, NOP", "us", 2e4);
  report.figures.add("montecarlo.store.restore", "", "us", 1200.0);
  report.figures.add("montecarlo.cold.python.one_cpu",
                     "cold process to answer, Debian Python 3.11.2 on one CPU, Monte Carlo", "us",
                     5e5);
  const Chart chart = restore_chart(report);
  std::vector<BarGroup> drawn;
  for (const BarGroup& group : chart.groups) {
    if (!group.bars.empty()) drawn.push_back(group);
  }
  REQUIRE(drawn.size() == 3);
  REQUIRE(drawn[0].bars.size() == 1);
  CHECK(drawn[0].bars[0].kind == BarKind::kFloor);
  CHECK(drawn[1].heading.find("JavaScript") != std::string::npos);
  REQUIRE(drawn[1].bars.size() == 2);
  CHECK(drawn[1].bars[0].microseconds == 800);
  CHECK(drawn[1].bars[1].label == "new process, node 22.1.0");
  CHECK(drawn[1].bars[1].microseconds == 2e4);
  CHECK(drawn[1].bars[1].kind == BarKind::kPeer);
  CHECK(drawn[2].heading.find("Numba") != std::string::npos);
  REQUIRE(drawn[2].bars.size() == 2);
  CHECK(drawn[2].bars[1].label == "new process, Debian Python 3.11.2");
  CHECK(chart.subtitle.find("a CPU") != std::string::npos);
  CHECK(chart.subtitle.find("quick") == std::string::npos);
  report.quick = true;
  CHECK(restore_chart(report).subtitle.find("quick") != std::string::npos);
}
