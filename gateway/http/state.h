// What the lanes and sessions of one server share. Any thread.
#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <vector>

#include "gateway/exchange.h"
#include "gateway/http/budget.h"
#include "gateway/http/counters.h"
#include "gateway/http/limits.h"

namespace fw::gateway::http {

class Lane;

struct ServerState {
  ServerState(const Routes& its_routes, const Limits& its_limits,
              std::shared_ptr<Counters> its_counters)
      : routes(its_routes),
        limits(its_limits),
        budget(its_limits.buffered_bytes),
        counters(std::move(its_counters)) {}

  const Routes& routes;  // not used once the server is gone
  const Limits limits;
  Budget budget;
  const std::shared_ptr<Counters> counters;
  std::vector<std::weak_ptr<Lane>> lanes;  // complete before any of them accepts

  std::atomic<std::uint32_t> connections{0};
  std::atomic<bool> draining{false};

  // For who waits until the last connection is gone.
  std::mutex mutex;
  std::condition_variable changed;

  void connection_ended() {
    counters->open.fetch_sub(1, std::memory_order_relaxed);
    const bool last = connections.fetch_sub(1) == 1;
    if (!last || !draining.load()) return;
    const std::lock_guard lock(mutex);
    changed.notify_all();
  }
};

}  // namespace fw::gateway::http
