// Percent-encoding of URIs (RFC 3986).
#pragma once

#include <string>
#include <string_view>

namespace fw::gateway {

// Appends the decoded text; false when a '%' is not followed by two hexadecimal digits.
// '+' stays what it is.
bool percent_decode(std::string_view encoded, std::string& decoded);

}  // namespace fw::gateway
