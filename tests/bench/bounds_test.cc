#include "bench/bounds.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <vector>

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

namespace {

struct Miss {
  const char* figure;
  double value;
  const char* bound;
};

// That a good run keeps all bounds, and each bad figure misses its own alone.
template <typename Judge>
void check_misses(const std::map<std::string, double>& good, const std::vector<Miss>& misses,
                  Judge judge) {
  const auto judged = [&](const std::map<std::string, double>& values) {
    Figures figures;
    for (const auto& [name, value] : values) figures.add(name, "", "", value);
    return judge(figures, Unavailable());
  };
  const std::vector<Bound> kept = judged(good);
  CHECK(kept.size() == misses.size());
  for (const Bound& bound : kept) {
    CAPTURE(bound.name);
    CHECK(bound.pass() == true);
  }
  for (const Miss& miss : misses) {
    CAPTURE(miss.bound);
    std::map<std::string, double> values = good;
    values[miss.figure] = miss.value;
    for (const Bound& bound : judged(values)) {
      CAPTURE(bound.name);
      CHECK((bound.pass() == false) == (bound.name == miss.bound));
    }
  }
}

}  // namespace

TEST_CASE("Each bound of serving is missed by its own figure, and by no other") {
  check_misses({{"serving.floor.fork", 60},
                {"nop.fork.boot", 300},
                {"nop.parked.call", 6},
                {"nop.reset.call", 18},
                {"cpu.parked.handler", 300},
                {"cpu.reset.handler", 315},
                {"cpu.reset.without_jit", 0},
                {"montecarlo.reset.without_jit", 0},
                {"http.nop.per_second", 30'000},
                {"http.node.per_second", 60'000},
                {"http.workerd.per_second", 20'000},
                {"http.nop.failures", 0},
                {"bursts.failures", 0},
                {"background.failures", 0},
                {"crowd.failures", 0}},
               {{"nop.fork.boot", 301, "nop.fork.boot_to_floor"},
                {"nop.reset.call", 18.1, "nop.reset.call_to_parked"},
                {"cpu.reset.handler", 316, "cpu.reset.handler_to_steady"},
                {"cpu.reset.without_jit", 1, "cpu.reset.without_jit"},
                {"montecarlo.reset.without_jit", 1, "montecarlo.reset.without_jit"},
                {"http.node.per_second", 60'100, "http.nop_to_node"},
                {"http.workerd.per_second", 20'100, "http.nop_to_workerd"},
                {"http.nop.failures", 1, "http.nop.failures"},
                {"bursts.failures", 1, "bursts.failures"},
                {"background.failures", 1, "background.failures"},
                {"crowd.failures", 1, "crowd.failures"}},
               serving_bounds);
}

TEST_CASE("Each bound of a soak is missed by its own figure, and by no other") {
  check_misses({{"soak.wrong", 0},
                {"soak.failed_by_kill", 10},
                {"soak.killed", 10},
                {"soak.leaked_descriptors", 0},
                {"soak.leaked_processes", 0},
                {"soak.leaked_shared_memory", 0},
                {"soak.memory_growth", 1e6}},
               {{"soak.wrong", 1, "soak.wrong"},
                {"soak.failed_by_kill", 11, "soak.failed_to_killed"},
                {"soak.leaked_descriptors", 1, "soak.leaked_descriptors"},
                {"soak.leaked_processes", 1, "soak.leaked_processes"},
                {"soak.leaked_shared_memory", 4096, "soak.leaked_shared_memory"},
                {"soak.memory_growth", 16.1e6, "soak.memory_growth"}},
               soak_bounds);
}
