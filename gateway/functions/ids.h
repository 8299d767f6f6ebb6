// Ids of requests and spans. Any thread.
#pragma once

#include <string>
#include <string_view>

namespace fw::gateway::functions {

// A random UUID, as store::new_request_id(), but with entropy fetched for many at once.
std::string make_request_id();

// 16 hexadecimal digits, not all of them 0.
std::string make_span_id();

// The same trace and flags (W3C Trace Context), with a span of the function's own; empty
// when `traceparent` is none.
std::string child_traceparent(std::string_view traceparent);

// Whether a caller may name its request so: 1 to 63 of A-Z a-z 0-9 . _ -
bool valid_request_id(std::string_view id);

}  // namespace fw::gateway::functions
