// What an invocation is told of its caller: the text of pool::Call::call_context, which the
// hosts read.
//
//   client_context  any JSON, given to the handler in its context
//   traceparent, tracestate
//                   of the caller's trace (W3C Trace Context), likewise
//   environment     {name: value}: environment variables during this invocation; those
//                   that cannot be one are left out
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace fw::gateway {

struct CallContext {
  std::string_view client_context{};  // JSON text; or empty
  std::string_view traceparent{};     // left out when it is none
  std::string_view tracestate{};      // only with a traceparent
  std::vector<std::pair<std::string, std::string>> environment{};
};

// JSON text of an object, or nothing when there is nothing to tell.
std::string to_text(const CallContext& context);

// "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01", or a later version's.
bool is_traceparent(std::string_view text);

}  // namespace fw::gateway
