// Base64 (RFC 4648) with the standard alphabet.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace fw::gateway::lambda {

std::string base64(std::string_view bytes);

// Padding may be missing; anything else that is not base64 gives nullopt.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace fw::gateway::lambda
