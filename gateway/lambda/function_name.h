// FunctionName and Qualifier, as clients of Lambda write them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "gateway/lambda/answers.h"

namespace fw::gateway::lambda {

struct FunctionName {
  std::string name;
  std::string qualifier;  // empty when none was given
};

// `text`: "name", "name:qualifier", "function:name", "123456789012:function:name",
// "arn:aws:lambda:region:123456789012:function:name", each with ":qualifier" or without.
// `qualifier`: of the query, or empty. An ApiError when the text is of none of these
// forms, or names another qualifier than the query.
tl::expected<FunctionName, ApiError> parse_function_name(std::string_view text,
                                                         std::string_view qualifier);

// "arn:aws:lambda:local:000000000000:function:NAME", with ":QUALIFIER" if there is one; as
// functions see it in their context.
std::string arn_of(const FunctionName& function);

// The decoded value of a parameter in a query; nullopt when it is missing or badly encoded.
std::optional<std::string> query_value(std::string_view query, std::string_view name);

}  // namespace fw::gateway::lambda
