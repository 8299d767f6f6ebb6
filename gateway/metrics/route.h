// GET /metrics: the numbers of the pool, of the servers and of the daemon, in the text
// format of Prometheus.
#pragma once

#include <memory>
#include <string>

#include "gateway/desk.h"
#include "gateway/exchange.h"
#include "gateway/http/counters.h"
#include "pool/pool.h"

namespace fw::gateway::metrics {

// The text, as of now.
std::string render(const pool::PoolStats& stats, const http::Counters& counters);

// Outlives the routes, and ends before the pool. `counters` are those given to the servers
// (ServerOptions::counters).
class MetricsRoute {
 public:
  MetricsRoute(Routes& routes, pool::Pool& pool, std::shared_ptr<const http::Counters> counters);

 private:
  Desk desk_;
};

}  // namespace fw::gateway::metrics
