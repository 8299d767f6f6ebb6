#include <doctest/doctest.h>

#include "gateway/lambda/description.h"
#include "tests/gateway_lambda/lambda_fixture.h"

namespace {

using namespace fw;
using fw::testing::Answer;
using fw::testing::LambdaFixture;
using nlohmann::json;

std::vector<std::string> names_of(const Answer& answer) {
  std::vector<std::string> names;
  const json body = answer.json();
  for (const json& function : body["Functions"]) names.push_back(function["FunctionName"]);
  return names;
}

using Names = std::vector<std::string>;

TEST_CASE("functions are listed in pages") {
  LambdaFixture lambda;
  CHECK(lambda.get("/").json() == json{{"Functions", json::array()}, {"NextMarker", nullptr}});

  lambda.install({"a", "b", "c"});
  CHECK(names_of(lambda.get("/")) == Names{"a", "b", "c"});
  CHECK(names_of(lambda.get("")) == Names{"a", "b", "c"});
  const Answer first = lambda.get("/?MaxItems=2");
  CHECK(first.header("x-amzn-RequestId").size() == 36);
  CHECK(names_of(first) == Names{"a", "b"});
  CHECK(first.json()["NextMarker"] == "b");
  const Answer second = lambda.get("/?Marker=b&MaxItems=2");
  CHECK(names_of(second) == Names{"c"});
  CHECK(second.json()["NextMarker"] == nullptr);
  CHECK(lambda.get("/?MaxItems=3").json()["NextMarker"] == nullptr);

  for (const char* const bad : {"0", "x", "10001", "-1", "1x"}) {
    const Answer refused = lambda.get(std::string("/?MaxItems=") + bad);
    CHECK(refused.status == 400);
    CHECK(refused.header("x-amzn-ErrorType") == "InvalidParameterValueException");
  }
}

TEST_CASE("one function is described") {
  LambdaFixture lambda;
  lambda.install({"a"});
  const json function = lambda.get("/a").json();
  CHECK(function["Configuration"]["FunctionArn"] == "arn:aws:lambda:local:000000000000:function:a");
  CHECK(function["Configuration"]["Version"] == "1");
  CHECK(function["Tags"] == json::object());
  CHECK(lambda.get("/a/configuration").json() == function["Configuration"]);
  CHECK(lambda.get("/function:a:$LATEST").status == 200);
  for (const char* const unknown :
       {"/b", "/a:2", "/a?Qualifier=2", "/b/configuration", "/..", "/a/policy"}) {
    CAPTURE(unknown);
    const Answer answer = lambda.get(unknown);
    CHECK(answer.status == 404);
    CHECK(answer.header("x-amzn-ErrorType") == "ResourceNotFoundException");
  }
  CHECK(lambda.get("/a%20b").status == 400);
}

TEST_CASE("where the code lies is told to the daemon's user alone") {
  LambdaFixture lambda;
  lambda.install({"a"});
  CHECK_FALSE(lambda.get("/a").json()["Code"].contains("Location"));
  CHECK(lambda.get("/a", true).json()["Code"]["Location"] == "file:///mark");
}

TEST_CASE("a configuration has Lambda's names and units") {
  store::Manifest manifest;
  manifest.name = "a";
  manifest.version = 3;
  manifest.runtime = "Python 3.11.2";
  manifest.handler = "run";
  manifest.environment = {{"A", "1"}};
  manifest.memory_mb = 256;
  manifest.timeout_ms = 2500;
  manifest.installed_ms = 1'795'234'560'007;
  manifest.image_bytes = 1000;
  const json configuration = gateway::lambda::configuration_of(manifest, true);
  CHECK(configuration["Runtime"] == "python3.11");
  CHECK(configuration["Handler"] == "run");
  CHECK(configuration["Timeout"] == 3);
  CHECK(configuration["MemorySize"] == 256);
  CHECK(configuration["CodeSize"] == 1000);
  CHECK(configuration["LastModified"] == "2026-11-21T04:16:00.007+0000");
  CHECK(configuration["Environment"]["Variables"]["A"] == "1");
  CHECK_FALSE(gateway::lambda::configuration_of(manifest, false).contains("Environment"));
  for (const auto& [ours, theirs] : {std::pair{"Node.js 18.20.4", "nodejs18.x"},
                                     {"Python 3.11", "python3.11"},
                                     {"test", "test"}}) {
    manifest.runtime = ours;
    CHECK(gateway::lambda::configuration_of(manifest, false)["Runtime"] == theirs);
  }
}

}  // namespace
