#include "gateway/lambda/function_name.h"

#include <doctest/doctest.h>

namespace {

using namespace fw::gateway::lambda;

// "name:qualifier", or the type of the error.
std::string parsed(std::string_view text, std::string_view qualifier = {}) {
  const auto function = parse_function_name(text, qualifier);
  if (!function) return std::string(function.error().type);
  return function->name + ":" + function->qualifier;
}

constexpr const char* kBad = "InvalidParameterValueException";

TEST_CASE("a function is named by its name, or an ARN or a part of one") {
  CHECK(parsed("hello") == "hello:");
  CHECK(parsed("hello:7") == "hello:7");
  CHECK(parsed("hello:$LATEST") == "hello:$LATEST");
  CHECK(parsed("function:hello") == "hello:");
  CHECK(parsed("123456789012:function:hello") == "hello:");
  CHECK(parsed("123456789012:function:hello:7") == "hello:7");
  CHECK(parsed("arn:aws:lambda:us-east-1:123456789012:function:hello") == "hello:");
  CHECK(parsed("arn:aws-cn:lambda:local:000000000000:function:hello:$LATEST") == "hello:$LATEST");
  CHECK(parsed("function") == "function:");
  CHECK(parsed("arn:aws:lambda:us-east-1:123456789012:function:function") == "function:");
}

TEST_CASE("what names no function is refused") {
  for (const char* const text :
       {"", ":", "hello:", ":7", "a b", "hello:a b", "a:b:c", "12345:function:hello",
        "x:function:y", "arn:aws:s3:us-east-1:123456789012:function:hello",
        "arn:aws:lambda:us-east-1:123:function:f",
        "arn:aws:lambda:us-east-1:123456789012:layer:hello",
        "arn:aws:lambda:us-east-1:123456789012:function:hello:7:8", "function:", "../etc"}) {
    CAPTURE(text);
    CHECK(parsed(text) == kBad);
  }
}

TEST_CASE("a qualifier is in the name or in the query, and the same in both") {
  CHECK(parsed("hello", "7") == "hello:7");
  CHECK(parsed("hello:7", "7") == "hello:7");
  CHECK(parsed("hello:7", "8") == kBad);
  CHECK(parsed("hello", "a b") == kBad);
}

TEST_CASE("an ARN is made from a name") {
  CHECK(arn_of({"hello", ""}) == "arn:aws:lambda:local:000000000000:function:hello");
  CHECK(arn_of({"hello", "7"}) == "arn:aws:lambda:local:000000000000:function:hello:7");
}

TEST_CASE("parameters of a query are found and decoded") {
  CHECK(query_value("Qualifier=%24LATEST", "Qualifier") == "$LATEST");
  CHECK(query_value("a=1&Qualifier=2&Qualifier=3", "Qualifier") == "2");
  CHECK(query_value("Qualifier", "Qualifier") == "");
  CHECK_FALSE(query_value("", "Qualifier"));
  CHECK_FALSE(query_value("XQualifier=1&qualifier=2", "Qualifier"));
  CHECK_FALSE(query_value("Qualifier=%2", "Qualifier"));
}

}  // namespace
