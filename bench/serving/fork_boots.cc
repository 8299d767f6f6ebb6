#include "bench/serving/fork_boots.h"

#include <utility>

#include "base/clock.h"
#include "bench/serving/handler_time.h"

namespace fw::bench {

namespace {

Status boot_once(const ForkBoots& boots, DirectCall& call) {
  Result<DirectClone> clone = DirectClone::fork(boots.from, boots.target, args::After::kEnds, call);
  if (!clone) return fail(std::move(clone).error().context("fork boot of " + boots.what));
  return clone->reap();
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
    DirectCall call;
    for (std::size_t i = 0; i < warm_up; ++i) FW_TRY(boot_once(all.back(), call));
  }
  return all;
}

Status measure(ForkBoots& boots, std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    DirectCall call;
    FW_TRY(boot_once(boots, call));
    boots.boot_us.push_back(static_cast<double>(call.received_ns - call.requested_ns) / kNsPerUs);
    boots.minor_faults.push_back(static_cast<double>(call.answer.minor_faults));
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
  }
}

}  // namespace fw::bench
