#include "bench/serving/fork_boots.h"

#include <algorithm>
#include <utility>

#include "base/clock.h"
#include "bench/serving/handler_time.h"
#include "store/phases.h"

namespace fw::bench {

namespace {

Result<DirectCall> boot(const ForkBoots& boots) {
  Result<DirectCall> call = boot_once(boots.from, boots.target);
  if (call) return call;
  return fail(std::move(call).error().context("fork boot of " + boots.what));
}

void add_phases(ForkBoots& boots, const DirectCall& call) {
  for (const store::Phase& phase : store::phases_of(call.answer.timeline, call.received_ns)) {
    if (phase.name == "total") continue;
    auto& all = boots.phases_us;
    auto found = std::find_if(all.begin(), all.end(),
                              [&](const auto& known) { return known.first == phase.name; });
    if (found == all.end()) found = all.insert(all.end(), {std::string(phase.name), {}});
    found->second.push_back(phase.microseconds);
  }
}

}  // namespace

Result<std::vector<ForkBoots>> make_fork_boots(const std::vector<Subject>& subjects,
                                               const std::filesystem::path& restorer,
                                               std::size_t warm_up) {
  std::vector<ForkBoots> all;
  for (const Subject& subject : subjects) {
    const Target target = subject.target(subject.stored, restorer);
    FW_TRY_ASSIGN(DirectTemplate from, DirectTemplate::start(target));
    FW_TRY(from.learn(target));
    all.push_back({subject.key + ".fork", subject.what, target, std::move(from)});
    for (std::size_t i = 0; i < warm_up; ++i) FW_TRY(boot(all.back()));
  }
  return all;
}

Status measure(ForkBoots& boots, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    FW_TRY_ASSIGN(const DirectCall call, boot(boots));
    boots.boot_us.push_back(static_cast<double>(call.received_ns - call.requested_ns) / kNsPerUs);
    boots.minor_faults.push_back(static_cast<double>(call.answer.minor_faults));
    add_phases(boots, call);
    if (const auto handler = handler_us(call.answer)) boots.first_call_us.push_back(*handler);
  }
  return {};
}

void report(const std::vector<ForkBoots>& all, Figures& figures) {
  for (const ForkBoots& boots : all) {
    figures.add(boots.key + ".boot", "fork boot to answer, " + boots.what, "us", boots.boot_us);
    figures.add(boots.key + ".first_call", "first call after a fork boot, " + boots.what, "us",
                boots.first_call_us);
    figures.add(boots.key + ".minor_faults",
                "page faults of a fork until its answer, " + boots.what, "", boots.minor_faults);
    for (const auto& [phase, us] : boots.phases_us) {
      figures.add(boots.key + ".phase." + phase, phase + ", fork boot, " + boots.what, "us", us);
    }
  }
}

}  // namespace fw::bench
