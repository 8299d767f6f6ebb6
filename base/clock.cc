#include "base/clock.h"

#include <ctime>

namespace fw {

namespace {
timespec now(clockid_t clock) {
  timespec ts{};
  ::clock_gettime(clock, &ts);
  return ts;
}
}  // namespace

std::uint64_t monotonic_ns() {
  const timespec ts = now(CLOCK_MONOTONIC);
  return static_cast<std::uint64_t>(ts.tv_sec) * kNsPerSecond +
         static_cast<std::uint64_t>(ts.tv_nsec);
}

std::uint64_t wall_clock_ms() {
  const timespec ts = now(CLOCK_REALTIME);
  return static_cast<std::uint64_t>(ts.tv_sec) * 1000 +
         static_cast<std::uint64_t>(ts.tv_nsec) / kNsPerMs;
}

}  // namespace fw
