// GET /logs/{request_id}: the log of an invocation, for those who may read it.
#pragma once

#include <functional>

#include "gateway/exchange.h"
#include "gateway/logs/observer.h"

namespace fw::gateway::logs {

// Logs hold what functions print: not everybody who may invoke may read them.
using MayRead = std::function<bool(const Request&)>;

// The text of log_text.h; with "Accept: application/json" or "?format=json" an object of
// all that is known. 403 when `may_read` says no; 404 when the id is unknown or forgotten.
// `log` must outlive the routes.
void add_log_routes(Routes& routes, const InvocationLog& log, MayRead may_read);

}  // namespace fw::gateway::logs
