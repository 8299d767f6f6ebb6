#include "gateway/openwhisk/activation.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "base/clock.h"

namespace {

using namespace fw;
using namespace fw::gateway::openwhisk;
using nlohmann::json;

json environment_of_call(const pool::Call& call) {
  return json::parse(call.call_context).at("environment");
}

TEST_CASE("an activation's value is the arguments, and the rest its environment") {
  const auto call = read_activation(
      R"({"value": {"n": 1.50}, "namespace": "guest", "action_name": "/guest/hello",
          "api_key": "key", "activation_id": "id-1", "deadline": 7, "transaction_id": null,
          "no variable": "x"})",
      "", {{"A", "1"}});
  REQUIRE(call);
  CHECK(call->arguments == R"({"n": 1.50})");
  CHECK(call->request_id == "id-1");
  CHECK(environment_of_call(*call) == json{{"A", "1"},
                                           {"__OW_NAMESPACE", "guest"},
                                           {"__OW_ACTION_NAME", "/guest/hello"},
                                           {"__OW_API_KEY", "key"},
                                           {"__OW_ACTIVATION_ID", "id-1"},
                                           {"__OW_DEADLINE", "7"}});
}

TEST_CASE("an activation without a value has empty arguments") {
  CHECK(read_activation("{}", "", {})->arguments == "{}");
  CHECK(read_activation(R"({"value": null})", "", {})->arguments == "{}");
  CHECK(read_activation("{}", "", {})->call_context.empty());
  CHECK_FALSE(read_activation("", "", {}));
  CHECK_FALSE(read_activation("[]", "", {}));
}

TEST_CASE("the deadline is the time that the activation has") {
  CHECK(read_activation("{}", "", {})->timeout_ms == 0);
  CHECK(read_activation(R"({"deadline": "soon"})", "", {})->timeout_ms == 0);
  CHECK(read_activation(R"({"deadline": "1"})", "", {})->timeout_ms == 1);  // past
  const std::string later = std::to_string(wall_clock_ms() + 1'000'000);
  const auto call = read_activation(R"({"deadline": ")" + later + "\"}", "", {});
  CHECK(call->timeout_ms <= 1'000'000);
  CHECK(call->timeout_ms > 900'000);
}

TEST_CASE("an id that is too long for a request stays in the environment") {
  const std::string id(64, 'x');
  const auto call = read_activation(R"({"activation_id": ")" + id + "\"}", "", {});
  CHECK(call->request_id.empty());
  CHECK(environment_of_call(*call)["__OW_ACTIVATION_ID"] == id);
}

TEST_CASE("objects and arrays are results, and nothing else is") {
  const auto result = [](std::string body) {
    store::Invoked invoked;
    invoked.ending = store::Ending::kResult;
    invoked.body = std::move(body);
    return invoked;
  };
  for (const char* const good : {"{}", R"({"error": "mine"})", "[1]", " {}"}) {
    CHECK(answer_to(result(good)).status == 200);
    CHECK(answer_to(result(good)).body == good);
    CHECK(complaint_about(result(good)).empty());
  }
  for (const char* const bad : {"null", "7", "\"text\"", "true"}) {
    CHECK(answer_to(result(bad)).status == 502);
    CHECK(json::parse(answer_to(result(bad)).body) ==
          json{{"error", "The action did not return a dictionary or array."}});
    CHECK(complaint_about(result(bad)) ==
          "Result must be an object or an array, but is: " + std::string(bad) + "\n");
  }
}

TEST_CASE("an action that throws is an error with its type and message") {
  store::Invoked invoked;
  invoked.ending = store::Ending::kError;
  invoked.body = R"({"errorType":"TypeError","errorMessage":"no"})";
  CHECK(complaint_about(invoked) == "An error has occurred: TypeError: no\n");
  CHECK(answer_to(invoked).status == 502);
  CHECK(json::parse(answer_to(invoked).body) ==
        json{{"error", "An error has occurred: TypeError: no"}});
}

}  // namespace
