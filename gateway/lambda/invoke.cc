#include "gateway/lambda/invoke.h"

#include <nlohmann/json.hpp>

#include "gateway/lambda/answers.h"
#include "gateway/lambda/base64.h"
#include "gateway/lambda/invoke_request.h"
#include "gateway/logs/log_text.h"
#include "store/catalog.h"
#include "store/name.h"
#include "store/request_id.h"

namespace fw::gateway::lambda {

namespace {

using Type = InvokeRequest::Type;

constexpr std::size_t kLogTail = 4096;  // bytes, before base64

// Everything about an exchange that is under way.
struct Invoking {
  std::shared_ptr<Exchange> exchange;
  InvokeRequest wanted;
  std::string request_id;
  Parts parts;
  std::size_t max_result = 0;

  void respond(Response response) const {
    const std::string_view trace = exchange->request.header("X-Amzn-Trace-Id");
    if (!trace.empty()) response.headers.emplace_back("X-Amzn-Trace-Id", trace);
    exchange->respond(std::move(response));
  }
  void fail(const ApiError& error) const { respond(to_response(error, request_id)); }
  void fail(const Error& error) const { fail(to_api_error(error, arn_of(wanted.function))); }
};

// The version that serves now; 0 for an unknown function.
std::uint64_t version_of(const store::Home& home, const std::string& name) {
  if (!store::valid_name(name)) return 0;
  const auto current = store::current_version(home, name);
  return current ? current->value_or(0) : 0;
}

bool is_current(const std::string& qualifier, std::uint64_t version) {
  return qualifier.empty() || qualifier == "$LATEST" || qualifier == std::to_string(version);
}

std::string error_body(std::string_view type, const std::string& message) {
  return nlohmann::json{{"errorType", type}, {"errorMessage", message}}.dump(
      -1, ' ', false, nlohmann::json::error_handler_t::replace);
}

// What the runtime tells of a process that did not answer carries the request id in AWS.
std::string told_by_runtime(std::string_view type, const store::Invoked& invoked) {
  const auto told = nlohmann::json::parse(invoked.body, nullptr, false);
  const std::string message = told.is_object() ? told.value("errorMessage", "") : "";
  return error_body(type, "RequestId: " + invoked.request_id + " Error: " + message);
}

std::string body_of(store::Invoked& invoked) {
  if (invoked.ending == store::Ending::kTimedOut) {
    return told_by_runtime("Sandbox.Timedout", invoked);
  }
  if (invoked.ending == store::Ending::kError) {
    const std::string_view type = logs::error_type_of(invoked.body);
    if (type == "Runtime.Crash" || type == "Runtime.ExitError") {
      return told_by_runtime("Runtime.ExitError", invoked);
    }
  }
  return std::move(invoked.body);
}

Response answer(const Invoking& invoking, pool::Served served) {
  Response response;
  response.headers = {{"x-amzn-RequestId", invoking.request_id},
                      {"X-Amz-Executed-Version", std::to_string(served.version)}};
  if (invoking.wanted.wants_log) {
    const logs::LogText log = logs::render(served);
    response.headers.emplace_back("X-Amz-Log-Result", base64(log.tail(kLogTail)));
  }
  bool failed = served.invoked.ending != store::Ending::kResult;
  response.body = body_of(served.invoked);
  if (response.body.size() > invoking.max_result) {
    failed = true;
    response.body = error_body("Function.ResponseSizeTooLarge",
                               "Response payload size exceeded maximum allowed payload size (" +
                                   std::to_string(invoking.max_result) + " bytes).");
  }
  if (failed) response.headers.emplace_back("X-Amz-Function-Error", "Unhandled");
  return response;
}

// As the text stays valid while the pool has the call, it is moved there.
std::string take_payload(Exchange& exchange) {
  return exchange.request.body.empty() ? "{}" : std::move(exchange.request.body);
}

void call(Invoking invoking) {
  Exchange& exchange = *invoking.exchange;
  pool::Call call;
  call.function = invoking.wanted.function.name;
  call.arguments = take_payload(exchange);
  call.request_id = invoking.request_id;
  call.call_context = invoking.wanted.call_context;
  exchange.worker->invoke(
      std::move(call), [invoking = std::move(invoking)](Result<pool::Served> served) {
        const std::string& name = invoking.wanted.function.name;
        const std::string_view traceparent = invoking.exchange->request.header("traceparent");
        if (!served) {
          invoking.parts.log.note_failure(name, invoking.request_id, served.error(), traceparent);
          invoking.fail(served.error());
          return;
        }
        invoking.parts.log.note(name, *served, traceparent);
        invoking.respond(answer(invoking, std::move(*served)));
      });
}

void submit(Invoking invoking) {
  events::Queue* queue = invoking.parts.queue;
  if (queue == nullptr) {
    invoking.fail(ApiError{500, "ServiceException", "this server keeps no queue of events"});
    return;
  }
  events::Event event;
  event.function = invoking.wanted.function.name;
  event.arguments = take_payload(*invoking.exchange);
  event.call_context = invoking.wanted.call_context;
  event.request_id = invoking.request_id;
  queue->submit(std::move(event),
                [invoking = std::move(invoking)](const Result<events::Accepted>& accepted) {
                  if (!accepted) return invoking.fail(accepted.error());
                  Response response;
                  response.status = 202;
                  response.headers = {{"x-amzn-RequestId", invoking.request_id}};
                  invoking.respond(std::move(response));
                });
}

}  // namespace

void invoke(const Parts& parts, const Options& options, std::shared_ptr<Exchange> exchange) {
  std::string request_id = store::new_request_id();
  auto wanted = read_invoke_request(*exchange, options);
  if (!wanted) {
    exchange->respond(to_response(wanted.error(), request_id));
    return;
  }
  Invoking invoking{std::move(exchange), std::move(*wanted), std::move(request_id), parts,
                    options.max_result};
  const FunctionName& function = invoking.wanted.function;
  // A plain call needs no look at the disk: the pool knows its functions.
  const bool is_plain =
      invoking.wanted.type == Type::kRequestResponse && is_current(function.qualifier, 0);
  if (!is_plain) {
    const std::uint64_t version = version_of(parts.home, function.name);
    if (version == 0 || !is_current(function.qualifier, version)) {
      invoking.fail(function_not_found(arn_of(function)));
      return;
    }
  }
  switch (invoking.wanted.type) {
    case Type::kRequestResponse:
      return call(std::move(invoking));
    case Type::kEvent:
      return submit(std::move(invoking));
    case Type::kDryRun:
      Response response;
      response.status = 204;
      response.headers = {{"x-amzn-RequestId", invoking.request_id}};
      return invoking.respond(std::move(response));
  }
}

}  // namespace fw::gateway::lambda
