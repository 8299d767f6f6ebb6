// Invoke: from a request to an invocation, an event, or nothing but a check; and back.
#pragma once

#include <memory>

#include "gateway/lambda/api.h"

namespace fw::gateway::lambda {

// Answers the exchange, later.
void invoke(const Parts& parts, const Options& options, std::shared_ptr<Exchange> exchange);

}  // namespace fw::gateway::lambda
