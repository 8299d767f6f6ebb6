// POST /invoke/{name}: JSON in, JSON out.
//
// The body is the arguments, passed on untouched; {} when it is empty. The answer is the
// result with 200; 500 with the error and "X-Fwrun-Error: function" when the function
// failed; 504 when it ran out of time. What the pool refuses is told as by
// error_response(Error). Headers: X-Request-Id (the caller's, if it sent a valid one),
// X-Fwrun-Tier, X-Fwrun-Version, Server-Timing. A trace (traceparent, tracestate) is passed
// on in the call's context.
//
// With "X-Fwrun-Detail: 1" a trusted caller gets 200 and the text of detail.h, whatever
// the ending.
#pragma once

#include "gateway/exchange.h"
#include "gateway/logs/observer.h"

namespace fw::gateway::functions {

// `log`, which may be null, outlives the routes.
void add_invoke_route(Routes& routes, logs::InvocationLog* log);

}  // namespace fw::gateway::functions
