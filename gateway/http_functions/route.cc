#include "gateway/http_functions/route.h"

#include <nlohmann/json.hpp>

#include "base/clock.h"
#include "gateway/call_context.h"
#include "gateway/http_functions/event.h"
#include "gateway/http_functions/response.h"
#include "store/request_id.h"

namespace fw::gateway::http_functions {

namespace {

using boost::beast::http::verb;

Response failure(unsigned status, std::string_view message) {
  Response response;
  response.status = status;
  response.body = nlohmann::json{{"message", message}}.dump();
  return response;
}

// A result that is no response is told to those who read the function's log.
Response answer(pool::Served& served) {
  switch (served.invoked.ending) {
    case store::Ending::kError:
      return failure(500, "Internal Server Error");
    case store::Ending::kTimedOut:
      return failure(504, "Gateway Timeout");
    case store::Ending::kResult:
      break;
  }
  Result<Response> response = response_of(served.invoked.body);
  if (response) return std::move(*response);
  served.invoked.logs.push_back({args::Stream::kStderr, "the result is no HTTP response: " +
                                                            response.error().message() + "\n"});
  return failure(502, "Bad Gateway");
}

void serve(logs::InvocationLog& log, std::shared_ptr<Exchange> exchange) {
  const Request& request = exchange->request;
  const std::string_view traceparent = request.header("traceparent");
  pool::Call call;
  call.function = exchange->captures.at(0);
  call.request_id = store::new_request_id();
  call.arguments = event_of(request, call.request_id, wall_clock_ms());
  call.call_context =
      to_text({.traceparent = traceparent, .tracestate = request.header("tracestate")});
  pool::Worker& worker = *exchange->worker;
  const std::string function = call.function;
  const std::string request_id = call.request_id;
  worker.invoke(std::move(call), [&log, exchange = std::move(exchange), function,
                                  request_id](Result<pool::Served> served) {
    const std::string_view trace = exchange->request.header("traceparent");
    Response response;
    if (served) {
      response = answer(*served);
      log.note(function, *served, trace);
    } else {
      response = error_response(served.error());
      log.note_failure(function, request_id, served.error(), trace);
    }
    response.headers.emplace_back("x-amzn-RequestId", request_id);
    exchange->respond(std::move(response));
  });
}

}  // namespace

void add_http_function_routes(Routes& routes, logs::InvocationLog& log) {
  for (const verb method :
       {verb::get, verb::head, verb::post, verb::put, verb::patch, verb::delete_, verb::options}) {
    routes.add(method, "/http/{name}/{rest*}",
               [&log](std::shared_ptr<Exchange> exchange) { serve(log, std::move(exchange)); });
  }
}

}  // namespace fw::gateway::http_functions
