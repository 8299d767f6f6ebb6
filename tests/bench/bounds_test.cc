#include "bench/bounds.h"

#include <doctest/doctest.h>

#include <algorithm>

using namespace fw::bench;

namespace {

// Figures that keep every bound.
Figures good_figures() {
  Figures figures;
  figures.add("floor.fork", "", "us", 60.0);
  figures.add("nop.store.restore", "", "us", 700.0);
  figures.add("nop.cache.restore", "", "us", 400.0);
  figures.add("nop.cold.debian.one_cpu", "", "us", 90'000.0);
  figures.add("nop.cold.debian.all_cpus", "", "us", 80'000.0);
  figures.add("nop.cold.newest.one_cpu", "", "us", 20'000.0);
  figures.add("cpu.store.first_call", "", "us", 150.0);
  figures.add("cpu.steady_call", "", "us", 100.0);
  figures.add("cpu.first_call_unoptimised", "", "us", 1500.0);
  figures.add("nop.image_allocated", "", "bytes", 12e6);
  figures.add("nop.image_mappings", "", "", 90.0);
  figures.add("nop_python.store.restore", "", "us", 500.0);
  figures.add("montecarlo.store.restore", "", "us", 2000.0);
  figures.add("montecarlo.cold.python.one_cpu", "", "us", 500'000.0);
  figures.add("montecarlo.cold.python.all_cpus", "", "us", 400'000.0);
  figures.add("cited.criu_numba", "", "us", 66'000.0);
  figures.add("montecarlo.store.first_call", "", "us", 300.0);
  figures.add("montecarlo.live.call", "", "us", 200.0);
  figures.add("montecarlo.without_jit", "", "", 0.0);
  figures.add("montecarlo.live.private_after_100", "", "bytes", 1e6);
  figures.add("montecarlo.image_allocated", "", "bytes", 65e6);
  for (const char* name : {"endurance.failures", "endurance.leaked_descriptors",
                           "endurance.leaked_processes", "endurance.leaked_shared_memory"}) {
    figures.add(name, "", "", 0.0);
  }
  return figures;
}

Bound bound_named(const Figures& figures, const std::string& name,
                  const Unavailable& unavailable = {}) {
  const std::vector<Bound> bounds = restore_bounds(figures, unavailable);
  const auto found = std::find_if(bounds.begin(), bounds.end(),
                                  [&](const Bound& bound) { return bound.name == name; });
  REQUIRE(found != bounds.end());
  return *found;
}

Bound with(const std::string& figure, double value, const std::string& name) {
  Figures figures = good_figures();
  figures.add(figure, "", "", value);
  return bound_named(figures, name);
}

}  // namespace

TEST_CASE("Good figures keep every bound") {
  for (const Bound& bound : restore_bounds(good_figures(), {})) {
    CAPTURE(bound.name);
    CHECK(bound.pass() == true);
    CHECK(bound.note.empty());
  }
  CHECK_FALSE(any_missed(restore_bounds(good_figures(), {})));
}

TEST_CASE("Each bound is missed when its own figure is bad, and then the whole is") {
  struct Bad {
    const char* figure;
    double value;
    const char* name;
  };
  const std::vector<Bad> bad{
      {"nop.store.restore", 60 * 12.1, "nop.store.restore_to_floor"},
      {"nop.cache.restore", 60 * 8.1, "nop.cache.restore_to_floor"},
      {"nop.cold.debian.all_cpus", 700 * 79.0, "nop.speedup_over_debian_node"},
      {"nop.cold.newest.one_cpu", 700 * 24.9, "nop.speedup_over_newest_node"},
      {"cpu.store.first_call", 161, "cpu.store.first_call_to_steady"},
      {"cpu.first_call_unoptimised", 150 * 4.9, "cpu.store.speedup_over_unoptimised"},
      {"nop.image_allocated", 14'000'001, "nop.image_allocated"},
      {"nop.image_mappings", 91, "nop.image_mappings"},
      {"nop_python.store.restore", 601, "nop_python.store.restore_to_floor"},
      {"montecarlo.cold.python.one_cpu", 299'000, "montecarlo.speedup_over_cold_python"},
      {"montecarlo.store.restore", 2641, "montecarlo.speedup_over_cited_criu"},
      {"montecarlo.store.first_call", 321, "montecarlo.store.first_call_to_steady"},
      {"montecarlo.without_jit", 1, "montecarlo.without_jit"},
      {"montecarlo.live.private_after_100", 2'000'001, "montecarlo.private_after_100"},
      {"montecarlo.image_allocated", 70'000'001, "montecarlo.image_allocated"},
      {"endurance.failures", 1, "endurance.failures"},
      {"endurance.leaked_descriptors", 1, "endurance.leaked_descriptors"},
      {"endurance.leaked_processes", 1, "endurance.leaked_processes"},
      {"endurance.leaked_shared_memory", 4096, "endurance.leaked_shared_memory"}};
  CHECK(bad.size() == restore_bounds(good_figures(), {}).size());
  for (const Bad& one : bad) {
    CAPTURE(one.name);
    CHECK(with(one.figure, one.value, one.name).pass() == false);
    Figures figures = good_figures();
    figures.add(one.figure, "", "", one.value);
    CHECK(any_missed(restore_bounds(figures, {})));
  }
}

TEST_CASE("A bound is kept at its very value") {
  CHECK(with("nop.store.restore", 60 * 12, "nop.store.restore_to_floor").pass() == true);
  CHECK(with("nop.cold.newest.one_cpu", 700 * 25, "nop.speedup_over_newest_node").pass() == true);
  CHECK(with("nop.image_mappings", 90, "nop.image_mappings").pass() == true);
}

TEST_CASE("A peer measured in two ways is judged by the way that suits it better") {
  const Bound bound = bound_named(good_figures(), "nop.speedup_over_debian_node");
  CHECK(bound.value.value() == doctest::Approx(80'000.0 / 700));
}

TEST_CASE("A bound without its figure is not judged, says why, and misses nothing") {
  Figures figures;
  figures.add("floor.fork", "", "us", 60.0);
  const Bound cache = bound_named(figures, "nop.cache.restore_to_floor",
                                  {{"nop.cache", "no cache: not permitted"}});
  CHECK_FALSE(cache.pass().has_value());
  CHECK_FALSE(cache.value.has_value());
  CHECK(cache.note == "no cache: not permitted");
  CHECK(bound_named(figures, "nop.image_allocated").note ==
        "there is no figure nop.image_allocated");
  CHECK_FALSE(any_missed(restore_bounds(figures, {})));
}

TEST_CASE("A ratio to something missing or too short to measure is not judged") {
  Figures figures = good_figures();
  figures.add("cpu.steady_call", "", "us", 0.0);
  const Bound bound = bound_named(figures, "cpu.store.first_call_to_steady");
  CHECK_FALSE(bound.pass().has_value());
  CHECK(bound.note == "cpu.steady_call is zero: too short to be measured");

  Figures without;
  without.add("nop.store.restore", "", "us", 700.0);
  CHECK(bound_named(without, "nop.store.restore_to_floor").note == "there is no figure floor.fork");
}
