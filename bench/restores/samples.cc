#include "bench/restores/samples.h"

#include <utility>

#include "args/timeline.h"
#include "base/clock.h"
#include "store/phases.h"

namespace fw::bench {

namespace {

using args::Instant;

constexpr std::string_view kTotal = "total";

}  // namespace

void RestoreSamples::add(const store::Invoked& invoked) {
  for (const store::Phase& phase : store::phases_of(invoked.timeline, invoked.received_ns)) {
    if (phase.name == kTotal) {
      total_us_.push_back(phase.microseconds);
      continue;
    }
    std::vector<double>& samples = phases_us_[std::string(phase.name)];
    if (samples.empty()) phase_order_.emplace_back(phase.name);
    samples.push_back(phase.microseconds);
  }
  const std::uint64_t handler = args::at(invoked.timeline, Instant::kHandler);
  const std::uint64_t handled = args::at(invoked.timeline, Instant::kHandled);
  if (handler != 0 && handled >= handler) {
    first_call_us_.push_back(static_cast<double>(handled - handler) / kNsPerUs);
  }
  minor_faults_.push_back(static_cast<double>(invoked.minor_faults));
  major_faults_.push_back(static_cast<double>(invoked.major_faults));
}

void RestoreSamples::report(const std::string& key, const std::string& what,
                            Figures& figures) const {
  figures.add(key + ".restore", "restore to answer, " + what, "us", total_us_);
  figures.add(key + ".first_call", "first call after a restore, " + what, "us", first_call_us_);
  figures.add(key + ".minor_faults", "minor page faults until the answer, " + what, "",
              minor_faults_);
  figures.add(key + ".major_faults", "major page faults until the answer, " + what, "",
              major_faults_);
  for (const std::string& phase : phase_order_) {
    std::string name = key;
    name.append(".phase.").append(phase);
    std::string description = phase;
    description.append(", ").append(what);
    figures.add(std::move(name), std::move(description), "us", phases_us_.at(phase));
  }
}

}  // namespace fw::bench
