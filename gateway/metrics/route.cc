#include "gateway/metrics/route.h"

#include <prometheus/text_serializer.h>

#include "gateway/metrics/sources.h"

namespace fw::gateway::metrics {

std::string render(const pool::PoolStats& stats, const http::Counters& counters,
                   const events::EventStats* events) {
  Families families;
  add_pool(families, stats);
  add_http(families, counters);
  if (events != nullptr) add_events(families, *events);
  add_process(families);
  return prometheus::TextSerializer().Serialize(families);
}

MetricsRoute::MetricsRoute(Routes& routes, pool::Pool& pool,
                           std::shared_ptr<const http::Counters> counters, events::Queue* queue) {
  routes.add(boost::beast::http::verb::get, "/metrics",
             [this, &pool, counters, queue](std::shared_ptr<Exchange> exchange) {
               desk_.answer(std::move(exchange), [&pool, counters, queue](const Exchange&) {
                 Response response;
                 response.content_type = "text/plain; version=0.0.4; charset=utf-8";
                 const events::EventStats events =
                     queue != nullptr ? queue->stats() : events::EventStats();
                 response.body =
                     render(pool.stats(), *counters, queue != nullptr ? &events : nullptr);
                 return response;
               });
             });
}

}  // namespace fw::gateway::metrics
