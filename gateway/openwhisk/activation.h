// One activation: from the body of /run to a call, and from what became of it to the
// answer.
#pragma once

#include <map>
#include <string>

#include "gateway/exchange.h"

namespace fw::gateway::openwhisk {

using Environment = std::map<std::string, std::string>;

// {"error": message}
Response failure(unsigned status, std::string_view message);

// Without the function's name. `environment`: of all activations. kBadInput when the body
// is no JSON object.
Result<pool::Call> read_activation(std::string_view body, std::string_view traceparent,
                                   const Environment& environment);

// What is to be told on standard error of an activation that failed; or empty.
std::string complaint_about(const store::Invoked& invoked);

Response answer_to(store::Invoked invoked);

}  // namespace fw::gateway::openwhisk
