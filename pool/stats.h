// What a pool counted: plain values, copied out for /metrics and the reports of the
// bench. Counters only grow while the pool lives.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace fw::pool {

enum class Tier : std::uint8_t { kHot, kFork, kWarm, kCold };
inline constexpr std::size_t kTiers = 4;
inline constexpr std::array<const char*, kTiers> kTierNames{"hot", "fork", "warm", "cold"};

// Upper bounds of the buckets in microseconds; one more for what lies above.
inline constexpr std::array<double, 20> kBucketsUs{
    20,   50,     100,    200,    350,     500,     750,     1000,     1500,     2500,
    5000, 10'000, 25'000, 50'000, 100'000, 250'000, 500'000, 1000'000, 5000'000, 15'000'000};

struct Histogram {
  std::array<std::uint64_t, kBucketsUs.size() + 1> counts{};
  std::uint64_t count = 0;
  double sum_us = 0;

  void add(double us);
  void add(const Histogram& other);
};

struct FunctionStats {
  // By ending.
  std::uint64_t results = 0;
  std::uint64_t errors = 0;    // the handler threw
  std::uint64_t timeouts = 0;  // clones killed for it
  std::uint64_t crashes = 0;   // clones that ended without an answer
  std::uint64_t refused = 0;   // kBusy
  std::uint64_t failed = 0;    // no process could be had

  std::array<std::uint64_t, kTiers> by_tier{};
  Histogram duration;                     // of the handler
  std::array<Histogram, kTiers> start{};  // from the request to the handler's first instruction
  std::uint64_t minor_faults = 0;
  std::uint64_t major_faults = 0;
  std::uint64_t reset_pages = 0;  // private pages that resets brought back
  std::uint64_t resets_fast = 0;
  std::uint64_t resets_scan = 0;
  std::uint64_t resets_full = 0;
  std::uint64_t resets_killed = 0;  // clones that could not be reset
  std::uint64_t lost_code = 0;      // invocations without the code compiled before

  // Now.
  std::uint64_t queued = 0;
  std::uint64_t running = 0;
  std::uint64_t parked = 0;
  std::uint64_t starting = 0;  // ordered ahead of demand
  std::uint64_t templates = 0;
};

struct PoolStats {
  std::map<std::string, FunctionStats> functions;
  std::uint64_t zygotes = 0;
  std::uint64_t shed_clones = 0;  // ended because memory was short
  std::uint64_t shed_templates = 0;
  std::uint64_t memory_available = 0;  // bytes, of the machine or the daemon's cgroup
};

// Sums of `from` are added to `to`.
void add(PoolStats& to, const PoolStats& from);

}  // namespace fw::pool
