// Instants as people and log collectors read them.
#pragma once

#include <cstdint>
#include <string>

namespace fw::gateway::logs {

// "2026-11-21T04:16:00.123Z", from milliseconds since 1970.
std::string iso_time(std::uint64_t ms);

}  // namespace fw::gateway::logs
