// What a request to invoke asks for.
#pragma once

#include <string>

#include "gateway/lambda/answers.h"
#include "gateway/lambda/api.h"
#include "gateway/lambda/function_name.h"

namespace fw::gateway::lambda {

struct InvokeRequest {
  enum class Type { kRequestResponse, kEvent, kDryRun };

  FunctionName function;
  Type type = Type::kRequestResponse;
  bool wants_log = false;
  std::string call_context;
};

// Checks all that can be known without the function, its payload included. The payload
// stays where it is.
tl::expected<InvokeRequest, ApiError> read_invoke_request(const Exchange& exchange,
                                                          const Options& options);

}  // namespace fw::gateway::lambda
