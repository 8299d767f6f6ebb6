#include "gateway/call_context.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

namespace {

using namespace fw::gateway;
using nlohmann::json;

constexpr std::string_view kTrace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

TEST_CASE("a call of which there is nothing to tell has no call context") {
  CHECK(to_text({}).empty());
  CHECK(to_text({.traceparent = "nonsense", .tracestate = "a=b"}).empty());
  CHECK(to_text({.environment = {{"", "a"}}}).empty());
}

TEST_CASE("a call context is JSON of what is known") {
  const json told = json::parse(to_text({.client_context = R"({"custom": {"a": 1}})",
                                         .traceparent = kTrace,
                                         .tracestate = "a=\"b\"",
                                         .environment = {{"A", "1\n"}, {"B", "\xFF"}}}));
  CHECK(told["client_context"]["custom"]["a"] == 1);
  CHECK(told["traceparent"] == kTrace);
  CHECK(told["tracestate"] == "a=\"b\"");
  CHECK(told["environment"] == json{{"A", "1\n"}, {"B", "\uFFFD"}});
}

TEST_CASE("what cannot be an environment variable is left out") {
  using namespace std::string_literals;
  const json told = json::parse(
      to_text({.environment = {{"A=B", "1"}, {"N\0"s, "1"}, {"V", "1\0002"s}, {"C", ""}}}));
  CHECK(told["environment"] == json{{"C", ""}});
}

TEST_CASE("a traceparent is told from what is none") {
  CHECK(is_traceparent(kTrace));
  CHECK(is_traceparent("01" + std::string(kTrace.substr(2)) + "-more"));
  const auto with = [](std::size_t place, char c) {
    std::string text(kTrace);
    text[place] = c;
    return text;
  };
  CHECK_FALSE(is_traceparent(""));
  CHECK_FALSE(is_traceparent(kTrace.substr(0, 54)));
  CHECK_FALSE(is_traceparent(std::string(kTrace) + "-more"));  // not in this version
  CHECK_FALSE(is_traceparent("ff" + std::string(kTrace.substr(2))));
  CHECK_FALSE(is_traceparent("01" + std::string(kTrace.substr(2)) + "x"));
  CHECK_FALSE(is_traceparent(with(2, '_')));
  CHECK_FALSE(is_traceparent(with(10, 'A')));
  CHECK_FALSE(is_traceparent("00-00000000000000000000000000000000-b7ad6b7169203331-01"));
  CHECK_FALSE(is_traceparent("00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01"));
}

}  // namespace
