// The Invoke API of AWS Lambda, and so much of its reading API as clients look at, for
// installed functions. AWS's own clients use it unchanged with --endpoint-url.
//
//   POST /2015-03-31/functions/{name}/invocations   Invoke
//   GET  /2015-03-31/functions/                     ListFunctions
//   GET  /2015-03-31/functions/{name}               GetFunction
//   GET  /2015-03-31/functions/{name}/configuration GetFunctionConfiguration
//
// Signatures are accepted and not looked at: whoever reaches the port may invoke. Keep it
// on an address that only those can reach. Of the name, regions and accounts in ARNs are
// not looked at either.
//
// Qualifiers are $LATEST and the number of the version that serves now; there are no
// aliases. X-Amz-Executed-Version is always a number. All function errors are
// "Unhandled", as in AWS since its runtimes report errors themselves.
#pragma once

#include <cstddef>

#include "gateway/events/queue.h"
#include "gateway/exchange.h"
#include "gateway/logs/observer.h"
#include "store/home.h"

namespace fw::gateway::lambda {

struct Options {
  // Bytes. The server that the routes are added to must accept larger bodies than
  // max_payload, or its own answer is what clients see.
  std::size_t max_payload = std::size_t{6} << 20;
  std::size_t max_event_payload = std::size_t{256} << 10;  // of X-Amz-Invocation-Type: Event
  std::size_t max_result = (std::size_t{6} << 20) + 100;
};

// What outlives the routes.
struct Parts {
  const store::Home& home;
  logs::InvocationLog& log;
  events::Queue* queue = nullptr;  // none: Event is refused
};

void add_lambda_routes(Routes& routes, const Parts& parts, const Options& options = {});

}  // namespace fw::gateway::lambda
