#include "store/phases.h"

#include <array>
#include <utility>

namespace fw::store {

namespace {

using args::Instant;

// Each phase by the instant that ends it; the last is ended by the requester.
constexpr std::array<std::pair<Instant, std::string_view>, 10> kEnds{{
    {Instant::kStarted, "spawn"},
    {Instant::kChecked, "check"},
    {Instant::kMapped, "map"},
    {Instant::kDescriptors, "descriptors"},
    {Instant::kThreads, "threads"},
    {Instant::kResumed, "resume"},
    {Instant::kReseeded, "reseed"},
    {Instant::kHandler, "load"},
    {Instant::kHandled, "handler"},
    {Instant::kAnswered, "answer"},
}};

double microseconds(std::uint64_t from, std::uint64_t to) {
  return static_cast<double>(to - from) / 1000.0;
}

}  // namespace

std::vector<Phase> phases_of(const args::Timeline& timeline, std::uint64_t received_ns) {
  std::vector<Phase> phases;
  const std::uint64_t requested = args::at(timeline, Instant::kRequested);
  std::uint64_t last = requested;
  for (const auto& [instant, name] : kEnds) {
    const std::uint64_t now = args::at(timeline, instant);
    if (now < last || now > received_ns) continue;
    phases.push_back({name, microseconds(last, now)});
    last = now;
  }
  phases.push_back({"deliver", microseconds(last, received_ns)});
  phases.push_back({"total", microseconds(requested, received_ns)});
  return phases;
}

}  // namespace fw::store
