#include "gateway/lambda/invoke_request.h"

#include <algorithm>
#include <array>
#include <optional>

#include "gateway/call_context.h"
#include "gateway/lambda/base64.h"
#include "store/json_text.h"

namespace fw::gateway::lambda {

namespace {

using Type = InvokeRequest::Type;
using Problem = std::optional<ApiError>;

constexpr std::size_t kMaxClientContext = 3583;  // bytes of base64, AWS's

// Clients that say what they send say one of these; what counts is that it is JSON.
constexpr std::array<std::string_view, 4> kAcceptedTypes{
    "application/json", "application/octet-stream", "application/x-www-form-urlencoded",
    "text/plain"};

bool is_accepted(std::string_view content_type) {
  const std::string_view type = content_type.substr(0, content_type.find(';'));
  return type.empty() || type.ends_with("json") || type.starts_with("application/x-amz-json") ||
         std::any_of(kAcceptedTypes.begin(), kAcceptedTypes.end(),
                     [type](std::string_view accepted) { return type.starts_with(accepted); });
}

Problem read_type(const Request& request, InvokeRequest& wanted) {
  const std::string_view type = request.header("X-Amz-Invocation-Type");
  if (type.empty() || type == "RequestResponse") return {};
  if (type == "Event") {
    wanted.type = Type::kEvent;
  } else if (type == "DryRun") {
    wanted.type = Type::kDryRun;
  } else {
    return bad_parameter("'" + std::string(type) +
                         "' is no InvocationType: give RequestResponse, Event or DryRun");
  }
  return {};
}

Problem read_log_type(const Request& request, InvokeRequest& wanted) {
  const std::string_view type = request.header("X-Amz-Log-Type");
  if (!type.empty() && type != "None" && type != "Tail") {
    return bad_parameter("'" + std::string(type) + "' is no LogType: give None or Tail");
  }
  wanted.wants_log = type == "Tail";
  return {};
}

Problem check_payload(const Request& request, Type type, const Options& options) {
  if (!is_accepted(request.header("Content-Type"))) {
    return ApiError{415, "UnsupportedMediaTypeException",
                    "The content type of the Invoke request body is not JSON."};
  }
  const bool is_event = type == Type::kEvent;
  const std::size_t limit = is_event ? options.max_event_payload : options.max_payload;
  if (request.body.size() > limit) {
    return ApiError{413, "RequestTooLargeException",
                    std::to_string(request.body.size()) + " byte payload is too large for the " +
                        (is_event ? "Event" : "RequestResponse") + " invocation type (limit " +
                        std::to_string(limit) + " bytes)"};
  }
  if (request.body.empty()) return {};
  const auto shape = store::check_json(request.body, "payload");
  if (shape) return {};
  return bad_content("Could not parse request body into json: " + shape.error().message());
}

Problem read_client_context(const Request& request, std::string& text) {
  const std::string_view encoded = request.header("X-Amz-Client-Context");
  if (encoded.empty()) return {};
  std::optional<std::string> decoded;
  if (encoded.size() <= kMaxClientContext) decoded = from_base64(encoded);
  if (decoded) {
    const auto shape = store::check_json(*decoded, "client context");
    if (shape && shape->kind == store::JsonKind::kObject) {
      text = std::move(*decoded);
      return {};
    }
  }
  return bad_content("Client context must be a valid Base64-encoded JSON object of at most " +
                     std::to_string(kMaxClientContext) + " bytes.");
}

}  // namespace

tl::expected<InvokeRequest, ApiError> read_invoke_request(const Exchange& exchange,
                                                          const Options& options) {
  const Request& request = exchange.request;
  auto function = parse_function_name(exchange.captures.at(0),
                                      query_value(request.query, "Qualifier").value_or(""));
  if (!function) return tl::unexpected(std::move(function).error());
  InvokeRequest wanted;
  wanted.function = std::move(*function);

  std::string client_context;
  Problem problem = read_type(request, wanted);
  if (!problem) problem = read_log_type(request, wanted);
  if (!problem) problem = read_client_context(request, client_context);
  if (!problem) problem = check_payload(request, wanted.type, options);
  if (problem) return tl::unexpected(std::move(*problem));

  CallContext context{client_context, request.header("traceparent"), request.header("tracestate")};
  const std::string_view trace = request.header("X-Amzn-Trace-Id");
  if (!trace.empty()) context.environment.emplace_back("_X_AMZN_TRACE_ID", trace);
  wanted.call_context = to_text(context);
  return wanted;
}

}  // namespace fw::gateway::lambda
