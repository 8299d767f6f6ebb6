#include "gateway/lambda/reading.h"

#include <charconv>
#include <nlohmann/json.hpp>

#include "gateway/lambda/answers.h"
#include "gateway/lambda/description.h"
#include "gateway/lambda/function_name.h"
#include "store/catalog.h"
#include "store/name.h"
#include "store/request_id.h"

namespace fw::gateway::lambda {

namespace {

using nlohmann::json;

constexpr std::size_t kDefaultItems = 50;  // AWS's
constexpr std::size_t kMaxItems = 10'000;

Response failure(const ApiError& error) { return to_response(error, store::new_request_id()); }

Response success(const json& body) {
  Response response;
  response.headers = {{"x-amzn-RequestId", store::new_request_id()}};
  response.body = body.dump(-1, ' ', false, json::error_handler_t::replace);
  return response;
}

tl::expected<std::size_t, ApiError> max_items(std::string_view query) {
  const std::optional<std::string> text = query_value(query, "MaxItems");
  if (!text) return kDefaultItems;
  std::size_t count = 0;
  const char* const end = text->data() + text->size();
  const auto [last, problem] = std::from_chars(text->data(), end, count);
  if (problem != std::errc() || last != end || count == 0 || count > kMaxItems) {
    return tl::unexpected(bad_parameter("MaxItems must be a number from 1 to 10000"));
  }
  return count;
}

tl::expected<store::Manifest, ApiError> find(const Parts& parts, const Exchange& exchange) {
  const auto function = parse_function_name(
      exchange.captures.at(0), query_value(exchange.request.query, "Qualifier").value_or(""));
  if (!function) return tl::unexpected(function.error());
  const std::string arn = arn_of(*function);
  if (!store::valid_name(function->name)) return tl::unexpected(function_not_found(arn));
  auto version = store::open_current(parts.home, function->name);
  if (!version) return tl::unexpected(to_api_error(version.error(), arn));
  const std::string& qualifier = function->qualifier;
  if (!qualifier.empty() && qualifier != "$LATEST" &&
      qualifier != std::to_string(version->manifest.version)) {
    return tl::unexpected(function_not_found(arn));
  }
  return std::move(version->manifest);
}

}  // namespace

Response list_functions(const Parts& parts, const Exchange& exchange) {
  if (!exchange.captures.at(0).empty()) {
    return failure(
        {404, "ResourceNotFoundException", "nothing is at " + std::string(exchange.request.path)});
  }
  const auto count = max_items(exchange.request.query);
  if (!count) return failure(count.error());
  const auto functions = store::list_functions(parts.home);
  if (!functions) return failure(to_api_error(functions.error(), {}));

  // The marker is the name of the last function that was told.
  const std::string marker = query_value(exchange.request.query, "Marker").value_or("");
  json told = json::array();
  json next = nullptr;
  std::string last;
  for (const store::ListedFunction& function : *functions) {
    if (function.name <= marker || !function.manifest) continue;
    if (told.size() == *count) {
      next = last;
      break;
    }
    told.push_back(configuration_of(*function.manifest, exchange.request.trusted));
    last = function.name;
  }
  return success({{"Functions", std::move(told)}, {"NextMarker", std::move(next)}});
}

Response get_function(const Parts& parts, const Exchange& exchange) {
  const auto manifest = find(parts, exchange);
  if (!manifest) return failure(manifest.error());
  json code{{"RepositoryType", "file"}};
  if (exchange.request.trusted) code["Location"] = "file://" + manifest->entry;
  return success({{"Configuration", configuration_of(*manifest, exchange.request.trusted)},
                  {"Code", std::move(code)},
                  {"Tags", json::object()}});
}

Response get_configuration(const Parts& parts, const Exchange& exchange) {
  const auto manifest = find(parts, exchange);
  if (!manifest) return failure(manifest.error());
  return success(configuration_of(*manifest, exchange.request.trusted));
}

}  // namespace fw::gateway::lambda
