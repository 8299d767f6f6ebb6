// The routes that only read what is installed.
#pragma once

#include "gateway/exchange.h"
#include "gateway/lambda/api.h"

namespace fw::gateway::lambda {

Response list_functions(const Parts& parts, const Exchange& exchange);
Response get_function(const Parts& parts, const Exchange& exchange);
Response get_configuration(const Parts& parts, const Exchange& exchange);

}  // namespace fw::gateway::lambda
