#include "bench/output/table.h"

#include <doctest/doctest.h>

using namespace fw::bench;

namespace {

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("The table has every figure, the phases side by side, and every bound") {
  Report report;
  report.machine.cpu = "a CPU";
  report.notes = {"a note"};
  report.figures.add("a.restore", "restore of a", "us", std::vector<double>{800, 801, 2000});
  report.figures.add("a.phase.map", "map, a", "us", 150.25);
  report.figures.add("b.phase.map", "map, b", "us", 99.0);
  report.figures.add("b.phase.spawn", "spawn, b", "us", 7.0);
  Bound bound;
  bound.what = "something";
  bound.bound = 3;
  bound.unit = "x";
  report.bounds = {bound, bound, bound};
  report.bounds[0].value = 2;
  report.bounds[1].value = 4;
  report.bounds[2].note = "no node";
  report.unavailable = {{"a.cache", "not permitted"}};
  const std::string table = draw_table(report);
  for (const char* part : {"a CPU", "a note", "restore of a     801 us       2 ms          3",
                           "150.2", "99.0", "holds       something        2 x  at most 3 x",
                           "MISSED      something        4 x  at most 3 x",
                           "not judged  something          -  at most 3 x  (no node)",
                           "not measured: a.cache: not permitted"}) {
    CAPTURE(part);
    CAPTURE(table);
    CHECK(contains(table, part));
  }
  CHECK_FALSE(contains(table, "map, a"));
  CHECK_FALSE(contains(table, "quick run"));
  report.quick = true;
  CHECK(contains(draw_table(report), "quick run"));
}

TEST_CASE("A phase that one kind has not is a dash there") {
  Report report;
  report.figures.add("a.phase.map", "", "us", 1.0);
  report.figures.add("b.phase.spawn", "", "us", 7.0);
  const std::string table = draw_table(report);
  const std::size_t at = table.find("\nspawn");
  REQUIRE(at != std::string::npos);
  const std::string line = table.substr(at + 1, table.find('\n', at + 1) - at - 1);
  CHECK(line.find('-') < line.find("7.0"));
}
