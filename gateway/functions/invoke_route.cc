#include "gateway/functions/invoke_route.h"

#include <array>
#include <charconv>

#include "gateway/call_context.h"
#include "gateway/functions/detail.h"
#include "gateway/functions/ids.h"
#include "store/json_text.h"
#include "store/name.h"

namespace fw::gateway::functions {

namespace {

using args::Instant;

// What is kept of a request until its answer.
struct Asked {
  std::shared_ptr<Exchange> exchange;
  std::string function;
  std::string request_id;
  std::string traceparent;
  bool detail = false;
};

void append_duration(std::string& text, const char* name, std::uint64_t from, std::uint64_t to) {
  if (from == 0 || to < from) return;
  char digits[32];
  const double ms = static_cast<double>(to - from) / 1e6;
  const auto [end, ignored] =
      std::to_chars(digits, digits + sizeof digits, ms, std::chars_format::fixed, 3);
  text += text.empty() ? "" : ", ";
  text += name;
  text += ";dur=";
  text.append(digits, end);
}

std::string server_timing(const store::Invoked& invoked) {
  const std::uint64_t requested = at(invoked.timeline, Instant::kRequested);
  const std::uint64_t handler = at(invoked.timeline, Instant::kHandler);
  std::string text;
  append_duration(text, "start", requested, handler);
  append_duration(text, "handler", handler, at(invoked.timeline, Instant::kHandled));
  append_duration(text, "total", requested, invoked.received_ns);
  return text;
}

unsigned status_of(store::Ending ending) {
  switch (ending) {
    case store::Ending::kResult:
      return 200;
    case store::Ending::kError:
      return 500;
    case store::Ending::kTimedOut:
      return 504;
  }
  return 500;
}

Response response_to(const Asked& asked, pool::Served served) {
  Response response;
  const store::Invoked& invoked = served.invoked;
  response.headers.reserve(5);
  response.headers.emplace_back("X-Request-Id", asked.request_id);
  response.headers.emplace_back("X-Fwrun-Tier", invoked.tier);
  response.headers.emplace_back("X-Fwrun-Version", std::to_string(served.version));
  response.headers.emplace_back("Server-Timing", server_timing(invoked));
  if (asked.detail) {
    response.body = to_json(served);
    return response;
  }
  response.status = status_of(invoked.ending);
  if (invoked.ending != store::Ending::kResult) {
    response.headers.emplace_back("X-Fwrun-Error", "function");
  }
  response.body = std::move(served.invoked.body);
  return response;
}

void answer(const Asked& asked, Result<pool::Served> served, logs::InvocationLog* log) {
  if (served) {
    if (log != nullptr) log->note(asked.function, *served, asked.traceparent);
    asked.exchange->respond(response_to(asked, std::move(*served)));
    return;
  }
  if (log != nullptr) {
    log->note_failure(asked.function, asked.request_id, served.error(), asked.traceparent);
  }
  Response response = error_response(served.error());
  response.headers.emplace_back("X-Request-Id", asked.request_id);
  asked.exchange->respond(std::move(response));
}

void invoke(std::shared_ptr<Exchange> exchange, logs::InvocationLog* log) {
  Request& request = exchange->request;
  Asked asked;
  asked.function = std::move(exchange->captures.front());
  if (const Status name = store::check_name(asked.function); !name) {
    exchange->respond(error_response(404, "not_found", name.error().message()));
    return;
  }
  if (request.body.empty()) {
    request.body = "{}";
  } else if (const auto json = store::check_json(request.body, "the body"); !json) {
    exchange->respond(error_response(json.error()));
    return;
  }
  const std::string_view given = request.header("X-Request-Id");
  asked.request_id = valid_request_id(given) ? std::string(given) : make_request_id();
  asked.traceparent = child_traceparent(request.header("traceparent"));
  asked.detail = request.trusted && request.header("X-Fwrun-Detail") == "1";

  pool::Call call;
  call.function = asked.function;
  call.arguments = std::move(request.body);
  call.request_id = asked.request_id;
  call.call_context =
      to_text({.traceparent = asked.traceparent, .tracestate = request.header("tracestate")});
  pool::Worker& worker = *exchange->worker;
  asked.exchange = std::move(exchange);
  worker.invoke(std::move(call), [its = std::move(asked), log](Result<pool::Served> served) {
    answer(its, std::move(served), log);
  });
}

}  // namespace

void add_invoke_route(Routes& routes, logs::InvocationLog* log) {
  routes.add(boost::beast::http::verb::post, "/invoke/{name}",
             [log](std::shared_ptr<Exchange> exchange) { invoke(std::move(exchange), log); });
}

}  // namespace fw::gateway::functions
