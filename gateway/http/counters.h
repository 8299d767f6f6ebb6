// Counters of HTTP servers, for /metrics. Several servers may share one. Any thread.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

namespace fw::gateway::http {

struct Counters {
  std::atomic<std::uint64_t> open{0};       // connections, now
  std::atomic<std::uint64_t> accepted{0};   // connections that were served
  std::atomic<std::uint64_t> refused{0};    // beyond the limit, or of a foreign user
  std::atomic<std::uint64_t> timed_out{0};  // connections closed for their slowness
  std::array<std::atomic<std::uint64_t>, 600> by_status{};  // answers

  void count_status(unsigned status) {
    if (status < by_status.size()) by_status[status].fetch_add(1, std::memory_order_relaxed);
  }
};

}  // namespace fw::gateway::http
