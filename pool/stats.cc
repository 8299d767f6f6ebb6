#include "pool/stats.h"

#include <algorithm>

namespace fw::pool {

void Histogram::add(double us) {
  const auto* bucket = std::lower_bound(kBucketsUs.begin(), kBucketsUs.end(), us);
  ++counts[static_cast<std::size_t>(bucket - kBucketsUs.begin())];
  ++count;
  sum_us += us;
}

void Histogram::add(const Histogram& other) {
  for (std::size_t i = 0; i < counts.size(); ++i) counts[i] += other.counts[i];
  count += other.count;
  sum_us += other.sum_us;
}

namespace {

void add(FunctionStats& to, const FunctionStats& from) {
  to.results += from.results;
  to.errors += from.errors;
  to.timeouts += from.timeouts;
  to.crashes += from.crashes;
  to.refused += from.refused;
  to.failed += from.failed;
  for (std::size_t i = 0; i < kTiers; ++i) {
    to.by_tier[i] += from.by_tier[i];
    to.start[i].add(from.start[i]);
  }
  to.duration.add(from.duration);
  to.minor_faults += from.minor_faults;
  to.major_faults += from.major_faults;
  to.reset_pages += from.reset_pages;
  to.resets_fast += from.resets_fast;
  to.resets_scan += from.resets_scan;
  to.resets_full += from.resets_full;
  to.resets_killed += from.resets_killed;
  to.lost_code += from.lost_code;
  to.queued += from.queued;
  to.running += from.running;
  to.parked += from.parked;
  to.starting += from.starting;
  to.templates += from.templates;
}

}  // namespace

void add(PoolStats& to, const PoolStats& from) {
  for (const auto& [name, stats] : from.functions) add(to.functions[name], stats);
  to.zygotes += from.zygotes;
  to.shed_clones += from.shed_clones;
  to.shed_templates += from.shed_templates;
  to.memory_available = std::max(to.memory_available, from.memory_available);
}

}  // namespace fw::pool
