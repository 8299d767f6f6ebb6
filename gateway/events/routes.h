// Events over HTTP.
//
//   POST   /events/{name}                          202 {"event_id", "request_id"}
//   GET    /events/{id}                            its state
//   GET    /events/dead-letters?function=&limit=   {"dead_letters": [...]}, the youngest first
//   POST   /events/dead-letters/{id}/replay        202 {"event_id"}
//   DELETE /events/dead-letters/{id}               204
//
// A submission's body is the event, JSON; without one it is {}. Header Idempotency-Key: the
// same key of the same function within a day gives the same event, with "duplicate": true.
// Header X-Request-Id names the invocation. traceparent and tracestate are passed on.
#pragma once

#include <functional>

#include "gateway/events/queue.h"
#include "gateway/exchange.h"
#include "store/home.h"

namespace fw::gateway::events {

// Dead letters hold what callers sent and what functions threw: not everybody who may
// submit may read or replay them.
using MayAdminister = std::function<bool(const Request&)>;

// The queue must outlive the routes' exchanges.
void add_event_routes(Routes& routes, const store::Home& home, Queue& queue,
                      MayAdminister may_administer);

}  // namespace fw::gateway::events
