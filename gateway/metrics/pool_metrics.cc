#include <array>
#include <string>
#include <utility>

#include "gateway/metrics/families.h"
#include "gateway/metrics/sources.h"

namespace fw::gateway::metrics {

namespace {

using pool::FunctionStats;

// A value of a function under the name that a label has for it.
struct Part {
  const char* label;
  std::uint64_t FunctionStats::*value;
};

constexpr std::array<Part, 6> kEndings{{{"result", &FunctionStats::results},
                                        {"error", &FunctionStats::errors},
                                        {"timeout", &FunctionStats::timeouts},
                                        {"crash", &FunctionStats::crashes},
                                        {"refused", &FunctionStats::refused},
                                        {"failed", &FunctionStats::failed}}};
constexpr std::array<Part, 3> kClones{{{"running", &FunctionStats::running},
                                       {"parked", &FunctionStats::parked},
                                       {"starting", &FunctionStats::starting}}};
constexpr std::array<Part, 2> kFaults{
    {{"minor", &FunctionStats::minor_faults}, {"major", &FunctionStats::major_faults}}};
constexpr std::array<Part, 4> kResets{{{"fast", &FunctionStats::resets_fast},
                                       {"scan", &FunctionStats::resets_scan},
                                       {"full", &FunctionStats::resets_full},
                                       {"killed", &FunctionStats::resets_killed}}};

template <std::size_t kCount>
Family parts(Family family, const pool::PoolStats& stats, const char* label,
             const std::array<Part, kCount>& of_function) {
  for (const auto& [name, function] : stats.functions) {
    for (const Part& part : of_function) {
      family.add({{"function", name}, {label, part.label}},
                 static_cast<double>(function.*part.value));
    }
  }
  return family;
}

Family whole(Family family, const pool::PoolStats& stats, std::uint64_t FunctionStats::*value) {
  for (const auto& [name, function] : stats.functions) {
    family.add({{"function", name}}, static_cast<double>(function.*value));
  }
  return family;
}

Family single(Family family, std::uint64_t value) {
  family.add({}, static_cast<double>(value));
  return family;
}

Family by_tier(const pool::PoolStats& stats) {
  Family family = Family::counter("fwrun_tier_invocations_total",
                                  "Invocations by how their process came to be.");
  for (const auto& [name, function] : stats.functions) {
    for (std::size_t tier = 0; tier < pool::kTiers; ++tier) {
      family.add({{"function", name}, {"tier", pool::kTierNames[tier]}},
                 static_cast<double>(function.by_tier[tier]));
    }
  }
  return family;
}

Family durations(const pool::PoolStats& stats) {
  Family family = Family::histogram("fwrun_handler_duration_seconds", "Time that handlers took.");
  for (const auto& [name, function] : stats.functions) {
    family.add({{"function", name}}, function.duration);
  }
  return family;
}

// Of tiers that were used: each is some twenty lines.
Family starts(const pool::PoolStats& stats) {
  Family family =
      Family::histogram("fwrun_start_duration_seconds",
                        "Time from the request to the handler's first instruction, by tier.");
  for (const auto& [name, function] : stats.functions) {
    for (std::size_t tier = 0; tier < pool::kTiers; ++tier) {
      if (function.start[tier].count == 0) continue;
      family.add({{"function", name}, {"tier", pool::kTierNames[tier]}}, function.start[tier]);
    }
  }
  return family;
}

}  // namespace

void add_pool(Families& families, const pool::PoolStats& stats) {
  const auto tell = [&](Family family) { family.move_to(families); };
  tell(parts(Family::counter("fwrun_invocations_total", "Invocations by their ending."), stats,
             "ending", kEndings));
  tell(by_tier(stats));
  tell(durations(stats));
  tell(starts(stats));
  tell(whole(Family::gauge("fwrun_queued_invocations", "Invocations that wait for a clone."), stats,
             &FunctionStats::queued));
  tell(parts(Family::gauge("fwrun_clones", "Processes that serve, by state."), stats, "state",
             kClones));
  tell(whole(Family::gauge("fwrun_templates", "Processes that clones are forked from."), stats,
             &FunctionStats::templates));
  tell(parts(Family::counter("fwrun_page_faults_total",
                             "Page faults of clones; divide by fwrun_invocations_total."),
             stats, "kind", kFaults));
  tell(whole(Family::counter("fwrun_reset_pages_total",
                             "Private pages of clones that resets brought back."),
             stats, &FunctionStats::reset_pages));
  tell(parts(Family::counter("fwrun_resets_total",
                             "Resets of clones; killed: those that could not be reset."),
             stats, "kind", kResets));
  tell(whole(Family::counter("fwrun_lost_code_invocations_total",
                             "Invocations without the code compiled before the snapshot."),
             stats, &FunctionStats::lost_code));
  Family shed = Family::counter("fwrun_shed_total", "Processes ended because memory was short.");
  shed.add({{"what", "clone"}}, static_cast<double>(stats.shed_clones));
  shed.add({{"what", "template"}}, static_cast<double>(stats.shed_templates));
  tell(std::move(shed));
  tell(single(Family::gauge("fwrun_zygotes", "Processes prepared for a restore."), stats.zygotes));
  tell(single(Family::gauge("fwrun_memory_available_bytes",
                            "Memory left to the machine or the daemon's cgroup."),
              stats.memory_available));
}

}  // namespace fw::gateway::metrics
