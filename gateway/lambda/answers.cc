#include "gateway/lambda/answers.h"

#include <nlohmann/json.hpp>

namespace fw::gateway::lambda {

Response to_response(const ApiError& error, const std::string& request_id) {
  // Its API spells the member both ways, and clients look for one or the other.
  nlohmann::json body{{"Type", error.status < 500 ? "User" : "Service"},
                      {"Message", error.message},
                      {"message", error.message}};
  if (!error.reason.empty()) body["Reason"] = error.reason;
  Response response;
  response.status = error.status;
  response.body = body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  response.headers = {{"x-amzn-RequestId", request_id},
                      {"x-amzn-ErrorType", std::string(error.type)}};
  if (error.status == 429 || error.status == 503) response.headers.emplace_back("Retry-After", "1");
  return response;
}

ApiError function_not_found(const std::string& arn) {
  return {404, "ResourceNotFoundException", "Function not found: " + arn};
}

ApiError bad_parameter(std::string message) {
  return {400, "InvalidParameterValueException", std::move(message)};
}

ApiError bad_content(std::string message) {
  return {400, "InvalidRequestContentException", std::move(message)};
}

ApiError to_api_error(const Error& error, const std::string& arn) {
  switch (error.code()) {
    case Errc::kNotFound:
      return function_not_found(arn);
    case Errc::kBadInput:
      return bad_content(error.message());
    case Errc::kBusy:
      return {429, "TooManyRequestsException", "Rate Exceeded. " + error.message(),
              "ConcurrentInvocationLimitExceeded"};
    case Errc::kClosing:
      return {503, "ServiceException", error.message()};
    default:
      return {500, "ServiceException", error.message()};
  }
}

}  // namespace fw::gateway::lambda
