#include "gateway/exchange.h"

#include <nlohmann/json.hpp>

namespace fw::gateway {

std::string_view Request::header(std::string_view name) const {
  const auto found = headers.find({name.data(), name.size()});
  if (found == headers.end()) return {};
  return {found->value().data(), found->value().size()};
}

Response error_response(unsigned status, std::string_view code, std::string_view message) {
  Response response;
  response.status = status;
  response.body = nlohmann::json{{"error", message}, {"code", code}}.dump(
      -1, ' ', false, nlohmann::json::error_handler_t::replace);
  return response;
}

Response error_response(const Error& error) {
  const auto status = [&] {
    switch (error.code()) {
      case Errc::kNotFound:
        return 404U;
      case Errc::kBadInput:
        return 400U;
      case Errc::kBusy:
        return 429U;
      case Errc::kClosing:
        return 503U;
      case Errc::kTimeout:
        return 504U;
      default:
        return 500U;
    }
  }();
  Response response = error_response(status, name_of(error.code()), error.message());
  if (status == 429) response.headers.emplace_back("Retry-After", "1");
  return response;
}

}  // namespace fw::gateway
