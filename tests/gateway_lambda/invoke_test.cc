#include <doctest/doctest.h>

#include "gateway/lambda/base64.h"
#include "tests/gateway_lambda/lambda_fixture.h"

namespace {

using namespace fw;
using fw::testing::Answer;
using fw::testing::LambdaFixture;
using gateway::lambda::base64;
using nlohmann::json;

void check_error(const Answer& answer, unsigned status, std::string_view type,
                 std::string_view part) {
  CHECK(answer.status == status);
  CHECK(answer.header("x-amzn-ErrorType") == type);
  CHECK(answer.header("x-amzn-RequestId").size() == 36);
  const json body = answer.json();
  CHECK(body["Type"] == (status < 500 ? "User" : "Service"));
  CHECK(body["message"] == body["Message"]);
  CHECK_MESSAGE(body["Message"].get<std::string>().find(part) != std::string::npos,
                body["Message"].get<std::string>());
}

TEST_CASE("a call is answered with the function's result") {
  LambdaFixture lambda;
  const Answer answer = lambda.invoke("echo", R"({"a": [1, 2]})");
  CHECK(answer.status == 200);
  CHECK(answer.body == R"({"a": [1, 2]})");
  CHECK(answer.header("X-Amz-Executed-Version") == "7");
  CHECK(answer.header("X-Amz-Function-Error").empty());
  CHECK(answer.header("X-Amz-Log-Result").empty());
  const std::string id = answer.header("x-amzn-RequestId");
  REQUIRE(lambda.log.find(id));
  CHECK(lambda.log.find(id)->function == "echo");
}

TEST_CASE("a call without a payload has an empty object") {
  LambdaFixture lambda;
  CHECK(lambda.invoke("echo").body == "{}");
}

TEST_CASE("any JSON is a payload, and nothing else is") {
  LambdaFixture lambda;
  for (const char* const payload : {"null", "7", "\"text\"", "[]", " {} "}) {
    CHECK(lambda.invoke("echo", payload).body == payload);
  }
  for (const char* const bad : {"{", "hello", "{} {}", "{'a': 1}", "NaN"}) {
    CAPTURE(bad);
    check_error(lambda.invoke("echo", bad), 400, "InvalidRequestContentException",
                "Could not parse request body into json: payload: not JSON: line 1");
  }
}

TEST_CASE("a function's error is an answer with status 200") {
  LambdaFixture lambda;
  const Answer answer = lambda.invoke("error", "{}");
  CHECK(answer.status == 200);
  CHECK(answer.header("X-Amz-Function-Error") == "Unhandled");
  CHECK(answer.json()["errorType"] == "Error");
}

TEST_CASE("a timeout is told in Lambda's words") {
  LambdaFixture lambda;
  const Answer answer = lambda.invoke("timeout", "{}");
  CHECK(answer.status == 200);
  CHECK(answer.header("X-Amz-Function-Error") == "Unhandled");
  CHECK(answer.json()["errorType"] == "Sandbox.Timedout");
  CHECK(answer.json()["errorMessage"].get<std::string>().starts_with(
      "RequestId: " + answer.header("x-amzn-RequestId") + " Error: "));
}

TEST_CASE("the end of the log comes with the answer when it is asked for") {
  LambdaFixture lambda;
  const Answer answer = lambda.invoke("echo", "{}", {{"X-Amz-Log-Type", "Tail"}});
  const auto log = gateway::lambda::from_base64(answer.header("X-Amz-Log-Result"));
  REQUIRE(log);
  const std::string id = answer.header("x-amzn-RequestId");
  CHECK(log->starts_with("START RequestId: " + id + " Version: 7\n"));
  CHECK(log->find("\nREPORT RequestId: " + id + "\tDuration: ") != std::string::npos);
  CHECK(log->ends_with("\tTier: hot\n"));
  CHECK(
      lambda.invoke("echo", "{}", {{"X-Amz-Log-Type", "None"}}).header("X-Amz-Log-Result").empty());
  check_error(lambda.invoke("echo", "{}", {{"X-Amz-Log-Type", "All"}}), 400,
              "InvalidParameterValueException", "'All' is no LogType");
}

TEST_CASE("an event is accepted when it is in the queue") {
  LambdaFixture lambda;
  lambda.install({"echo"});
  const Answer answer = lambda.invoke(
      "echo", R"({"n":1})",
      {{"X-Amz-Invocation-Type", "Event"}, {"X-Amz-Client-Context", base64(R"({"a":1})")}});
  CHECK(answer.status == 202);
  CHECK(answer.body.empty());
  REQUIRE(lambda.queue.events.size() == 1);
  const auto& event = lambda.queue.events.front();
  CHECK(event.function == "echo");
  CHECK(event.arguments == R"({"n":1})");
  CHECK(event.request_id == answer.header("x-amzn-RequestId"));
  CHECK(event.call_context == R"({"client_context":{"a":1}})");
}

TEST_CASE("an event for nobody, or that cannot be kept, is refused") {
  const LambdaFixture::Headers as_event{{"X-Amz-Invocation-Type", "Event"}};
  LambdaFixture lambda;
  lambda.install({"echo"});
  check_error(lambda.invoke("nobody", "{}", as_event), 404, "ResourceNotFoundException",
              "Function not found: arn:aws:lambda:local:000000000000:function:nobody");
  check_error(lambda.invoke("..", "{}", as_event), 404, "ResourceNotFoundException", "");
  lambda.queue.busy = true;
  check_error(lambda.invoke("echo", "{}", as_event), 429, "TooManyRequestsException",
              "too many events wait");
  CHECK(lambda.queue.events.empty());

  LambdaFixture without({}, false);
  without.install({"echo"});
  check_error(without.invoke("echo", "{}", as_event), 500, "ServiceException", "no queue");
}

TEST_CASE("a dry run checks and does nothing") {
  const LambdaFixture::Headers dry{{"X-Amz-Invocation-Type", "DryRun"}};
  LambdaFixture lambda;
  lambda.install({"echo"});
  const Answer answer = lambda.invoke("echo", "{}", dry);
  CHECK(answer.status == 204);
  CHECK(answer.body.empty());
  CHECK_FALSE(lambda.log.find(answer.header("x-amzn-RequestId")));
  check_error(lambda.invoke("nobody", "{}", dry), 404, "ResourceNotFoundException", "nobody");
  check_error(lambda.invoke("echo", "{", dry), 400, "InvalidRequestContentException", "json");
  check_error(lambda.invoke("echo", "{}", {{"X-Amz-Invocation-Type", "Wet"}}), 400,
              "InvalidParameterValueException", "'Wet' is no InvocationType");
}

TEST_CASE("payloads have a limit, and events a lower one") {
  LambdaFixture lambda({.max_payload = 100, .max_event_payload = 50});
  lambda.install({"echo"});
  const auto text = [](std::size_t bytes) { return "\"" + std::string(bytes - 2, 'x') + "\""; };
  CHECK(lambda.invoke("echo", text(100)).status == 200);
  check_error(lambda.invoke("echo", text(101)), 413, "RequestTooLargeException",
              "101 byte payload is too large for the RequestResponse invocation type (limit 100 "
              "bytes)");
  const LambdaFixture::Headers as_event{{"X-Amz-Invocation-Type", "Event"}};
  CHECK(lambda.invoke("echo", text(50), as_event).status == 202);
  check_error(lambda.invoke("echo", text(51), as_event), 413, "RequestTooLargeException",
              "51 byte payload is too large for the Event invocation type (limit 50 bytes)");
}

TEST_CASE("a result that is too large is the function's error") {
  LambdaFixture lambda({.max_result = 50});
  const Answer answer = lambda.invoke("echo", "\"" + std::string(49, 'x') + "\"");
  CHECK(answer.status == 200);
  CHECK(answer.header("X-Amz-Function-Error") == "Unhandled");
  CHECK(answer.json()["errorType"] == "Function.ResponseSizeTooLarge");
  CHECK(lambda.invoke("echo", "\"" + std::string(48, 'x') + "\"")
            .header("X-Amz-Function-Error")
            .empty());
}

TEST_CASE("payloads of foreign types are refused") {
  LambdaFixture lambda;
  for (const char* const type :
       {"application/json", "application/octet-stream",
        "application/cloudevents+json; charset=utf-8", "application/x-amz-json-1.1",
        "application/x-www-form-urlencoded"}) {
    CHECK(lambda.invoke("echo", "{}", {{"Content-Type", type}}).status == 200);
  }
  for (const char* const type :
       {"multipart/form-data; boundary=x", "application/xml", "image/png"}) {
    check_error(lambda.invoke("echo", "{}", {{"Content-Type", type}}), 415,
                "UnsupportedMediaTypeException", "not JSON");
  }
}

TEST_CASE("the function is told of its caller") {
  LambdaFixture lambda;
  const std::string trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  const Answer answer = lambda.invoke("context", "{}",
                                      {{"X-Amz-Client-Context", base64(R"({"custom":{"a":1}})")},
                                       {"X-Amzn-Trace-Id", "Root=1-2-3"},
                                       {"traceparent", trace},
                                       {"tracestate", "a=b"}});
  CHECK(answer.header("X-Amzn-Trace-Id") == "Root=1-2-3");
  CHECK(answer.json()["request_id"] == answer.header("x-amzn-RequestId"));
  const json told = json::parse(answer.json()["call_context"].get<std::string>());
  CHECK(told == json{{"client_context", {{"custom", {{"a", 1}}}}},
                     {"traceparent", trace},
                     {"tracestate", "a=b"},
                     {"environment", {{"_X_AMZN_TRACE_ID", "Root=1-2-3"}}}});
  CHECK(lambda.log.find(answer.header("x-amzn-RequestId"))->traceparent == trace);
  CHECK(lambda.invoke("context", "{}").json()["call_context"] == "");
}

TEST_CASE("a client context that is none is refused") {
  LambdaFixture lambda;
  for (const std::string& bad : {std::string("%%%"), base64("{"), base64("7"), base64("[]"),
                                 base64("{\"a\": \"" + std::string(3000, 'x') + "\"}")}) {
    check_error(lambda.invoke("echo", "{}", {{"X-Amz-Client-Context", bad}}), 400,
                "InvalidRequestContentException",
                "Client context must be a valid Base64-encoded JSON object");
  }
}

TEST_CASE("names of functions are those that clients write") {
  LambdaFixture lambda;
  lambda.install({"echo"});
  for (const char* const name :
       {"arn%3Aaws%3Alambda%3Aus-east-1%3A123456789012%3Afunction%3Aecho", "function:echo",
        "echo:1", "echo:$LATEST", "echo?Qualifier=%24LATEST", "echo?Qualifier=1"}) {
    CAPTURE(name);
    CHECK(lambda.invoke(name, "{}").status == 200);
  }
  check_error(lambda.invoke("nobody", "{}"), 404, "ResourceNotFoundException",
              "Function not found: arn:aws:lambda:local:000000000000:function:nobody");
  for (const char* const name : {"echo:2", "echo:prod", "echo?Qualifier=2", "error:1"}) {
    CAPTURE(name);
    check_error(lambda.invoke(name, "{}"), 404, "ResourceNotFoundException", "Function not found");
  }
  check_error(lambda.invoke("a%20b", "{}"), 400, "InvalidParameterValueException",
              "'a b' names no function");
}

TEST_CASE("a version that is not the current one is not found") {
  LambdaFixture lambda;
  lambda.install({"echo", "echo"});
  CHECK(lambda.invoke("echo:2", "{}").status == 200);
  check_error(lambda.invoke("echo:1", "{}"), 404, "ResourceNotFoundException", ":function:echo:1");
}

TEST_CASE("a pool that has no room, or none any more, says so") {
  LambdaFixture lambda;
  const Answer busy = lambda.invoke("busy", "{}");
  check_error(busy, 429, "TooManyRequestsException", "Rate Exceeded.");
  CHECK(busy.header("Retry-After") == "1");
  CHECK(busy.json()["Reason"] == "ConcurrentInvocationLimitExceeded");
  check_error(lambda.invoke("closing", "{}"), 503, "ServiceException", "the daemon is ending");
}

}  // namespace
