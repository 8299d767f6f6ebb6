// The result of an invocation as a response: the payload format 2.0 of AWS's HTTP APIs
// and function URLs.
#pragma once

#include <string_view>

#include "base/result.h"
#include "gateway/exchange.h"

namespace fw::gateway::http_functions {

// An object with "statusCode" says it all: {statusCode, headers, multiValueHeaders,
// cookies, body, isBase64Encoded}. Any other JSON is itself the body of a 200.
//
// Headers of the connection (and Date and Content-Length, which are the server's) are left
// out. An empty content-type means none; without that header it is application/json.
//
// kFunction when it is malformed, with what is: a status outside of 200 to 599, a header
// that is no token or whose value would end the line, a body that is no string or no base64.
Result<Response> response_of(std::string_view result);

}  // namespace fw::gateway::http_functions
