// What a requester tells of its caller.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/v8host/clone.h"
#include "tests/v8host/function_host.h"

using fw::args::After;
using fw::args::Outcome;
using fw::test::Clone;
using fw::test::OneFile;
using nlohmann::json;

namespace {

constexpr const char* kTellsContext = R"js(
  process.env.KEPT = 'before';
  exports.handler = (event, context) => [
    context.clientContext ?? null, context.traceparent ?? null, context.tracestate ?? null,
    process.env.KEPT, process.env.ADDED ?? null];
)js";

json told(Clone& clone, const json& call_context, After after = After::kStays) {
  const std::string text = call_context.is_null() ? "" : call_context.dump();
  const auto answer = clone.call("{}", after, text);
  REQUIRE_MESSAGE(answer.outcome == Outcome::kResult, answer.body);
  return json::parse(answer.body);
}

const json kNothing{nullptr, nullptr, nullptr, "before", nullptr};

}  // namespace

TEST_CASE("A handler is told of its caller, and of nobody by calls that say nothing") {
  const OneFile function(kTellsContext);
  (void)function.installed.report();
  Clone clone(function.installed.image());
  CHECK(told(clone, nullptr) == kNothing);
  CHECK(told(clone, {{"client_context", {{"custom", {{"a", 1}}}}},
                     {"traceparent", "00-1"},
                     {"tracestate", "a=b"},
                     {"environment", {{"KEPT", "during"}, {"ADDED", "new"}}}}) ==
        json{{{"custom", {{"a", 1}}}}, "00-1", "a=b", "during", "new"});
  // The process stays as it is: what was told does not.
  CHECK(told(clone, nullptr) == kNothing);
  CHECK(told(clone, {{"environment", {{"ADDED", "1"}}}}) ==
        json{nullptr, nullptr, nullptr, "before", "1"});
  CHECK(told(clone, {{"environment", {{"KEPT", "2"}}}}) ==
        json{nullptr, nullptr, nullptr, "2", nullptr});
  CHECK(told(clone, nullptr, After::kEnds) == kNothing);
  CHECK(clone.ends());
}

TEST_CASE("A process can be told of its caller by its first call") {
  const OneFile function(kTellsContext);
  (void)function.installed.report();
  Clone clone(function.installed.image());
  CHECK(told(clone, {{"client_context", "any JSON"}}, After::kEnds)[0] == "any JSON");
  CHECK(clone.ends());
}
