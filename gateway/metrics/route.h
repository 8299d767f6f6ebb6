// GET /metrics: the numbers of the pool, of the servers and of the daemon, in the text
// format of Prometheus.
#pragma once

#include <memory>
#include <string>

#include "gateway/desk.h"
#include "gateway/events/queue.h"
#include "gateway/exchange.h"
#include "gateway/http/counters.h"
#include "pool/pool.h"

namespace fw::gateway::metrics {

// The text, as of now; without events when there is no queue of them.
std::string render(const pool::PoolStats& stats, const http::Counters& counters,
                   const events::EventStats* events = nullptr);

// Outlives the routes, and ends before the pool. `counters` are those given to the servers
// (ServerOptions::counters).
class MetricsRoute {
 public:
  // `queue`, if there is one, outlives the routes, too.
  MetricsRoute(Routes& routes, pool::Pool& pool, std::shared_ptr<const http::Counters> counters,
               events::Queue* queue = nullptr);

 private:
  Desk desk_;
};

}  // namespace fw::gateway::metrics
