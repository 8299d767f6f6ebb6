// Restored processes that serve one invocation after the other.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/v8host/clone.h"
#include "tests/v8host/function_host.h"

namespace args = fw::args;
using fw::args::Answer;
using fw::args::Outcome;
using fw::test::Clone;
using fw::test::OneFile;

namespace {

args::After after(bool goes_on) { return goes_on ? args::After::kStays : args::After::kEnds; }

std::string error_type(const Answer& answer) {
  REQUIRE_MESSAGE(answer.outcome == Outcome::kError, answer.body);
  return nlohmann::json::parse(answer.body).at("errorType");
}

// Calls the function thrice in one process, the last time to its end, and expects
// what a counter that the process keeps makes of it.
void check_counts(const OneFile& function) {
  (void)function.installed.report();
  Clone clone(function.installed.image());
  const Answer first = clone.call(R"({"n": 1})");
  REQUIRE_MESSAGE(first.outcome == Outcome::kResult, first.body);
  const int count = nlohmann::json::parse(first.body).at("count");
  CHECK(nlohmann::json::parse(first.body).at("n") == 1);
  for (int i = 1; i < 4; ++i) {
    const Answer next = clone.call(R"({"n": )" + std::to_string(i * 10) + "}", after(i < 3));
    REQUIRE_MESSAGE(next.outcome == Outcome::kResult, next.body);
    CHECK(nlohmann::json::parse(next.body).at("n") == i * 10);
    CHECK(nlohmann::json::parse(next.body).at("count") == count + i);
    REQUIRE(next.logs.size() == 1);
    CHECK(next.logs[0].text == "serving " + std::to_string(i * 10) + "\n");
  }
  CHECK(clone.ends());
}

}  // namespace

TEST_CASE("Handlers of every kind serve one invocation after the other in one process") {
  SUBCASE("plain") {
    check_counts(OneFile(R"js(
      let count = 0;
      exports.handler = ({ n }) => { console.log('serving', n); return { n, count: ++count }; };
    )js"));
  }
  SUBCASE("asynchronous") {
    check_counts(OneFile(R"js(
      let count = 0;
      exports.handler = async ({ n }) => {
        await new Promise((resolve) => setTimeout(resolve, 1));
        console.log('serving', n);
        return { n, count: ++count };
      };
    )js"));
  }
  SUBCASE("with a callback") {
    check_counts(OneFile(R"js(
      let count = 0;
      exports.handler = ({ n }, context, callback) => {
        console.log('serving', n);
        setImmediate(() => callback(null, { n, count: ++count }));
      };
    )js"));
  }
  SUBCASE("captured at the top level") {
    check_counts(OneFile(R"js(
      let count = 0;
      exports.handler = ({ n }) => { console.log('serving', n); return { n, count: ++count }; };
      // @snapshot_here
    )js"));
  }
}

TEST_CASE("A process captured inside its handler serves later invocations from its start") {
  const OneFile function(R"js(
    let before = 0;
    exports.handler = (event) => {
      before++;
      // @snapshot_here
      return { n: event.n, before };
    };
  )js");
  (void)function.installed.report();
  Clone clone(function.installed.image());
  const auto first = nlohmann::json::parse(clone.call(R"({"n": 1})").body);
  const auto second = nlohmann::json::parse(clone.call(R"({"n": 2})").body);
  const auto third = nlohmann::json::parse(clone.call(R"({"n": 3})", args::After::kEnds).body);
  CHECK(first.at("n") == 1);
  CHECK(second.at("n") == 2);
  CHECK(third.at("n") == 3);
  CHECK(second.at("before") == first.at("before").get<int>() + 1);
  CHECK(third.at("before") == first.at("before").get<int>() + 2);
  CHECK(clone.ends());
}

TEST_CASE("A process goes on after a call that failed, in whatever way") {
  const OneFile function(R"js(
    exports.handler = async (event) => {
      if (event.how === 'throw') throw new TypeError('thrown');
      if (event.how === 'bigint') return 5n;
      if (event.how === 'never') return new Promise(() => {});
      return 'fine';
    };
  )js");
  (void)function.installed.report();
  Clone clone(function.installed.image());
  CHECK(error_type(clone.call(R"({"how": "throw"})")) == "TypeError");
  CHECK(clone.call("{}").body == "\"fine\"");
  CHECK(error_type(clone.call(R"({"how": "bigint"})")) == "Runtime.ResultNotSerialisable");
  CHECK(error_type(clone.call("{no JSON")) == "Runtime.BadArguments");
  CHECK(error_type(clone.call(R"({"how": "never"})")) == "Runtime.NeverSettles");
  CHECK(clone.call("{}", args::After::kEnds).body == "\"fine\"");
  CHECK(clone.ends());
}

TEST_CASE("A process that ends by itself does so although it was to stay") {
  const OneFile function("exports.handler = (event) => event.end ? process.exit(3) : 1;");
  (void)function.installed.report();
  Clone clone(function.installed.image());
  CHECK(clone.call("{}").body == "1");
  CHECK(error_type(clone.call(R"({"end": true})")) == "Runtime.ExitError");
  CHECK(clone.ends());
}

TEST_CASE("Hooks for restores run once in a process, its context is of each invocation") {
  const OneFile function(R"js(
    let restores = 0;
    fwrun.afterRestore(() => { restores++; });
    exports.handler = (event, context) => [restores, context.getRemainingTimeInMillis() > 0];
  )js");
  (void)function.installed.report();
  Clone clone(function.installed.image());
  CHECK(clone.call("{}").body == "[1,true]");
  CHECK(clone.call("{}").body == "[1,true]");
  CHECK(clone.call("{}", args::After::kEnds).body == "[1,true]");
  CHECK(clone.ends());
}

TEST_CASE("A timer set in a later invocation counts from then, not from the one before") {
  const OneFile function(R"js(
    exports.handler = async () => {
      const began = process.hrtime.bigint();
      await new Promise((resolve) => setTimeout(resolve, 20));
      return Number(process.hrtime.bigint() - began) / 1e6 > 18;
    };
  )js");
  (void)function.installed.report();
  Clone clone(function.installed.image());
  for (int i = 0; i < 10; ++i) CHECK(clone.call("{}", after(i < 9)).body == "true");
  CHECK(clone.ends());
}

TEST_CASE("A thousand invocations of one process are served") {
  const OneFile function("exports.handler = ({ n }) => n + 1;");
  (void)function.installed.report();
  Clone clone(function.installed.image());
  int wrong = 0;
  for (int i = 0; i < 1000; ++i) {
    const Answer answer = clone.call("{\"n\": " + std::to_string(i) + "}", after(i < 999));
    if (answer.body != std::to_string(i + 1)) ++wrong;
  }
  CHECK(wrong == 0);
  CHECK(clone.ends());
}
