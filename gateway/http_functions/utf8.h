// Whether bytes are text: what is goes into JSON as it is, the rest as base64.
#pragma once

#include <string_view>

namespace fw::gateway::http_functions {

// UTF-8 as RFC 3629 has it: no overlong forms, no surrogates.
bool is_utf8(std::string_view bytes);

}  // namespace fw::gateway::http_functions
