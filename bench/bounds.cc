#include "bench/bounds.h"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

namespace fw::bench {

namespace {

constexpr double kMegabyte = 1e6;

// A bound on one figure, or on a figure divided by another.
struct Rule {
  std::string_view name;
  std::string_view what;
  std::string_view unit;
  std::string_view figure;
  std::string_view divisor;  // empty: none
  Comparison comparison;
  double bound;
};

constexpr Comparison kAtMost = Comparison::kAtMost;
constexpr Comparison kAtLeast = Comparison::kAtLeast;

constexpr std::array<Rule, 19> kRestoreRules{{
    {"nop.store.restore_to_floor", "restore of a NOP from the store, in floors", "x",
     "nop.store.restore", "floor.fork", kAtMost, 12},
    {"nop.cache.restore_to_floor", "restore of a NOP with the cache, in floors", "x",
     "nop.cache.restore", "floor.fork", kAtMost, 8},
    {"nop.speedup_over_debian_node", "restore from the store, faster than a cold Debian node", "x",
     "nop.cold.debian", "nop.store.restore", kAtLeast, 80},
    {"nop.speedup_over_newest_node", "restore from the store, faster than the newest node, cold",
     "x", "nop.cold.newest", "nop.store.restore", kAtLeast, 25},
    {"cpu.store.first_call_to_steady", "first call after a restore from the store, in steady calls",
     "x", "cpu.store.first_call", "cpu.steady_call", kAtMost, 1.6},
    {"cpu.store.speedup_over_unoptimised",
     "first call after a restore from the store, faster than unoptimised", "x",
     "cpu.first_call_unoptimised", "cpu.store.first_call", kAtLeast, 5},
    {"nop.image_allocated", "image of the NOP, on disk", "bytes", "nop.image_allocated", "",
     kAtMost, 14 * kMegabyte},
    {"nop.image_mappings", "mappings that a restore of a NOP makes", "", "nop.image_mappings", "",
     kAtMost, 90},
    {"nop_python.store.restore_to_floor", "restore of a Python NOP from the store, in floors", "x",
     "nop_python.store.restore", "floor.fork", kAtMost, 10},
    {"montecarlo.speedup_over_cold_python",
     "Numba restored from the store, faster than a cold python3", "x", "montecarlo.cold.python",
     "montecarlo.store.restore", kAtLeast, 150},
    {"montecarlo.speedup_over_cited_criu",
     "Numba restored from the store, faster than CRIU 4.2 as cited (66 ms)", "x",
     "cited.criu_numba", "montecarlo.store.restore", kAtLeast, 25},
    {"montecarlo.store.first_call_to_steady",
     "Numba, first call after a restore from the store, in steady calls", "x",
     "montecarlo.store.first_call", "montecarlo.live.call", kAtMost, 1.6},
    {"montecarlo.without_jit", "Numba calls that did not run the code compiled in training", "",
     "montecarlo.without_jit", "", kAtMost, 0},
    {"montecarlo.private_after_100", "memory of a Numba process of its own, after 100 calls",
     "bytes", "montecarlo.live.private_after_100", "", kAtMost, 2 * kMegabyte},
    {"montecarlo.image_allocated", "image of the Numba example, on disk", "bytes",
     "montecarlo.image_allocated", "", kAtMost, 70 * kMegabyte},
    {"endurance.failures", "restores that failed", "", "endurance.failures", "", kAtMost, 0},
    {"endurance.leaked_descriptors", "descriptors left behind", "", "endurance.leaked_descriptors",
     "", kAtMost, 0},
    {"endurance.leaked_processes", "processes left behind", "", "endurance.leaked_processes", "",
     kAtMost, 0},
    {"endurance.leaked_shared_memory", "shared memory left behind", "bytes",
     "endurance.leaked_shared_memory", "", kAtMost, 0},
}};

constexpr std::array<Rule, 11> kServingRules{{
    {"nop.fork.boot_to_floor", "fork boot of a NOP, in floors", "x", "nop.fork.boot",
     "serving.floor.fork", kAtMost, 5},
    {"nop.reset.call_to_parked", "NOP reset after each call, in calls of one that is not", "x",
     "nop.reset.call", "nop.parked.call", kAtMost, 3},
    {"cpu.reset.handler_to_steady", "first call after a reset, in steady calls", "x",
     "cpu.reset.handler", "cpu.parked.handler", kAtMost, 1.05},
    {"cpu.reset.without_jit", "calls after a reset without the code compiled in training", "",
     "cpu.reset.without_jit", "", kAtMost, 0},
    {"montecarlo.reset.without_jit",
     "Numba calls after a reset without the code compiled in training", "",
     "montecarlo.reset.without_jit", "", kAtMost, 0},
    {"http.nop_to_node", "HTTP requests in a second, of a plain node's", "x", "http.nop.per_second",
     "http.node.per_second", kAtLeast, 0.5},
    {"http.nop_to_workerd", "HTTP requests in a second, of workerd's", "x", "http.nop.per_second",
     "http.workerd.per_second", kAtLeast, 1.5},
    {"http.nop.failures", "HTTP requests that failed", "", "http.nop.failures", "", kAtMost, 0},
    {"bursts.failures", "calls of bursts that failed", "", "bursts.failures", "", kAtMost, 0},
    {"background.failures", "calls of the background of bursts that failed", "",
     "background.failures", "", kAtMost, 0},
    {"crowd.failures", "of 1,000 simultaneous first calls failed", "", "crowd.failures", "",
     kAtMost, 0},
}};

constexpr std::array<Rule, 6> kSoakRules{{
    {"soak.wrong", "soak: answers that were not what they should be", "", "soak.wrong", "", kAtMost,
     0},
    {"soak.failed_to_killed", "soak: invocations failed by a clone killed", "x",
     "soak.failed_by_kill", "soak.killed", kAtMost, 1},
    {"soak.leaked_descriptors", "soak: descriptors left behind", "", "soak.leaked_descriptors", "",
     kAtMost, 0},
    {"soak.leaked_processes", "soak: processes left behind", "", "soak.leaked_processes", "",
     kAtMost, 0},
    {"soak.leaked_shared_memory", "soak: shared memory left behind", "bytes",
     "soak.leaked_shared_memory", "", kAtMost, 0},
    {"soak.memory_growth", "soak: growth of the daemon's memory", "bytes", "soak.memory_growth", "",
     kAtMost, 16 * kMegabyte},
}};

std::string reason_for(std::string_view figure, const Unavailable& unavailable) {
  for (const auto& [prefix, reason] : unavailable) {
    if (figure.starts_with(prefix)) return reason;
  }
  return "there is no figure " + std::string(figure);
}

Bound judge(const Rule& rule, const Figures& figures, const Unavailable& unavailable) {
  Bound bound;
  bound.name = rule.name;
  bound.what = rule.what;
  bound.unit = rule.unit;
  bound.bound = rule.bound;
  bound.comparison = rule.comparison;
  // The lowest: a peer is measured in the ways that could suit it, and the best counts.
  const Figure* figure = figures.lowest(rule.figure);
  const Figure* divisor = rule.divisor.empty() ? nullptr : figures.lowest(rule.divisor);
  if (figure == nullptr) {
    bound.note = reason_for(rule.figure, unavailable);
  } else if (rule.divisor.empty()) {
    bound.value = figure->value;
  } else if (divisor == nullptr) {
    bound.note = reason_for(rule.divisor, unavailable);
  } else if (divisor->value <= 0) {
    bound.note = divisor->name + " is zero: too short to be measured";
  } else {
    bound.value = figure->value / divisor->value;
  }
  return bound;
}

std::vector<Bound> judge_all(std::span<const Rule> rules, const Figures& figures,
                             const Unavailable& unavailable) {
  std::vector<Bound> bounds;
  bounds.reserve(rules.size());
  for (const Rule& rule : rules) bounds.push_back(judge(rule, figures, unavailable));
  return bounds;
}

}  // namespace

std::optional<bool> Bound::pass() const {
  if (!value) return std::nullopt;
  return comparison == kAtMost ? *value <= bound : *value >= bound;
}

std::vector<Bound> restore_bounds(const Figures& figures, const Unavailable& unavailable) {
  return judge_all(kRestoreRules, figures, unavailable);
}

std::vector<Bound> serving_bounds(const Figures& figures, const Unavailable& unavailable) {
  return judge_all(kServingRules, figures, unavailable);
}

std::vector<Bound> soak_bounds(const Figures& figures, const Unavailable& unavailable) {
  return judge_all(kSoakRules, figures, unavailable);
}

bool any_missed(const std::vector<Bound>& bounds) {
  return std::any_of(bounds.begin(), bounds.end(),
                     [](const Bound& bound) { return bound.pass() == false; });
}

}  // namespace fw::bench
