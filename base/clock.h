// Times. Instants are nanoseconds of CLOCK_MONOTONIC, comparable across the
// processes of one boot of one machine; durations are nanoseconds.
#pragma once

#include <cstdint>

namespace fw {

inline constexpr std::uint64_t kNsPerUs = 1'000;
inline constexpr std::uint64_t kNsPerMs = 1'000'000;
inline constexpr std::uint64_t kNsPerSecond = 1'000'000'000;

std::uint64_t monotonic_ns();
std::uint64_t wall_clock_ms();  // milliseconds since 1970, CLOCK_REALTIME

}  // namespace fw
