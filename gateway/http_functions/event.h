// A request as the event of an invocation: the payload format 2.0 of AWS's HTTP APIs
// and function URLs, so that handlers written for those work unchanged.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "gateway/exchange.h"

namespace fw::gateway::http_functions {

// The path as the function sees it, still percent-encoded: what follows "/http/NAME", "/"
// when nothing does. `path` is one that matches the route.
std::string_view path_below(std::string_view path);

// JSON text. A body that is no UTF-8 goes in as base64; bytes of a header that are none
// are replaced.
std::string event_of(const Request& request, std::string_view request_id, std::uint64_t now_ms);

}  // namespace fw::gateway::http_functions
