// Who may change what is installed.
#pragma once

#include <optional>
#include <string>

#include "gateway/exchange.h"

namespace fw::gateway::functions {

struct Access {
  std::string token;  // empty: nobody may by HTTP
};

// nullopt when the request is trusted (it came by the Unix socket) or carries the token
// ("Authorization: Bearer TOKEN"). Else 403 when there is no token to carry, 401.
std::optional<Response> refuse_unless_admin(const Request& request, const Access& access);

}  // namespace fw::gateway::functions
