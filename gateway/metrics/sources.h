// Where the metrics come from.
#pragma once

#include <prometheus/metric_family.h>

#include <vector>

#include "gateway/events/event.h"
#include "gateway/http/counters.h"
#include "pool/stats.h"

namespace fw::gateway::metrics {

using Families = std::vector<prometheus::MetricFamily>;

void add_pool(Families& families, const pool::PoolStats& stats);
void add_http(Families& families, const http::Counters& counters);
void add_events(Families& families, const events::EventStats& stats);
void add_process(Families& families);  // of this process, and the build

}  // namespace fw::gateway::metrics
