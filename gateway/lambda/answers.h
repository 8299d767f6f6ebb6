// Answers in AWS's shape.
#pragma once

#include <string>
#include <string_view>

#include "gateway/exchange.h"

namespace fw::gateway::lambda {

// An error that AWS's clients turn into their class of that name.
struct ApiError {
  unsigned status = 500;
  std::string_view type = "ServiceException";
  std::string message;
  std::string_view reason{};  // of TooManyRequestsException
};

// x-amzn-ErrorType, and {"Type": "User" or "Service", "Message": ...}.
Response to_response(const ApiError& error, const std::string& request_id);

// What an error of the pool or the queue is for a caller of the function `arn`.
ApiError to_api_error(const Error& error, const std::string& arn);

ApiError function_not_found(const std::string& arn);
ApiError bad_parameter(std::string message);
ApiError bad_content(std::string message);

}  // namespace fw::gateway::lambda
