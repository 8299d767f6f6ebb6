// /http/NAME and whatever is below it: a function as a web server of its own.
#pragma once

#include "gateway/exchange.h"
#include "gateway/logs/observer.h"

namespace fw::gateway::http_functions {

// Every method goes through to the function, as an event of event.h; its result becomes
// the response (response.h). The body of a failure says no more than a stranger should
// know, the log of the invocation says it all:
//
//   500  {"message": "Internal Server Error"}  the function failed
//   502  {"message": "Bad Gateway"}            its result is no response
//   504  {"message": "Gateway Timeout"}        it did not answer in time
//
// What is no matter of the function's (unknown, too busy) is answered as elsewhere.
// `log` must outlive the routes.
void add_http_function_routes(Routes& routes, logs::InvocationLog& log);

}  // namespace fw::gateway::http_functions
