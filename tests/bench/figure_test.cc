#include "bench/figure.h"

#include <doctest/doctest.h>

using fw::bench::Figure;
using fw::bench::Figures;

TEST_CASE("A figure of samples quotes their median") {
  Figures figures;
  figures.add("a.b", "what", "us", std::vector<double>{3, 1, 2});
  const Figure* figure = figures.find("a.b");
  REQUIRE(figure != nullptr);
  CHECK(figure->value == 2);
  CHECK(figure->summary.count == 3);
  CHECK(figure->summary.p99 == 3);
  CHECK(figure->unit == "us");
}

TEST_CASE("What could not be measured has no figure") {
  Figures figures;
  figures.add("a", "what", "us", std::vector<double>{});
  CHECK(figures.find("a") == nullptr);
  CHECK(figures.all().empty());
}

TEST_CASE("A single measurement is its own median and percentile") {
  Figures figures;
  figures.add("a", "what", "bytes", 12.0);
  CHECK(figures.find("a")->summary.count == 1);
  CHECK(figures.find("a")->summary.p50 == 12);
  CHECK(figures.find("a")->summary.p99 == 12);
}

TEST_CASE("A name is there once: the later figure takes the place of the earlier") {
  Figures figures;
  figures.add("a", "first", "", 1.0);
  figures.add("b", "other", "", 5.0);
  figures.add("a", "second", "", 2.0);
  REQUIRE(figures.all().size() == 2);
  CHECK(figures.all()[0].what == "second");
  CHECK(figures.all()[1].name == "b");
}

TEST_CASE("The lowest of several ways of measuring is found by their common name") {
  Figures figures;
  figures.add("a.cold.one", "", "us", 30.0);
  figures.add("a.cold.all", "", "us", 20.0);
  figures.add("a.colder", "", "us", 1.0);
  REQUIRE(figures.lowest("a.cold") != nullptr);
  CHECK(figures.lowest("a.cold")->name == "a.cold.all");
  CHECK(figures.lowest("a.colder")->value == 1);
  CHECK(figures.lowest("a.co") == nullptr);
  CHECK(figures.lowest("b") == nullptr);
}
