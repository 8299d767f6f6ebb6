// What a handler may look like, and what it is called with.
#include <doctest/doctest.h>

#include "tests/e2e/installation.h"

using namespace fw::testing;
using nlohmann::json;

TEST_CASE("An async handler answers from its image, trained or not") {
  const Installation fwrun;
  fwrun.install("hello.js");
  CHECK(fwrun.result("hello", {{"name", "Ada"}}) == json{{"greeting", "Hello, Ada!"}});
  CHECK(fwrun.result("hello") == json{{"greeting", "Hello, world!"}});
  fwrun.install("echo.js");
  CHECK(fwrun.result("echo", {{"a", {1, nullptr, "x"}}}) == json{{"a", {1, nullptr, "x"}}});
}

TEST_CASE("The context tells the function's name, version, limits and request") {
  const Installation fwrun;
  fwrun.install("context.js", {"--name", "ctx", "--memory", "256", "--timeout", "7.5"});
  const json answer = fwrun.invoke("ctx");
  const json& context = answer["result"];
  CHECK(context["functionName"] == "ctx");
  CHECK(context["functionVersion"] == "1");
  CHECK(context["memoryLimitInMB"] == 256);
  CHECK(context["awsRequestId"] == answer["request_id"]);
  CHECK(contains(context["invokedFunctionArn"], "ctx"));
  CHECK(context["remaining"] > 0);
  CHECK(context["remaining"] <= 7500);
  fwrun.install("context.js", {"--name", "ctx"});
  CHECK(fwrun.result("ctx")["functionVersion"] == "2");
}

TEST_CASE("A handler may answer through its callback") {
  const Installation fwrun;
  fwrun.install("callback.js");
  CHECK(fwrun.result("callback", {{"n", 41}}) == 42);
  const json error = fwrun.error("callback", {{"n", 1}, {"fail", true}});
  CHECK(error["errorType"] == "RangeError");
  CHECK(error["errorMessage"] == "called back");
}

TEST_CASE("A main() of OpenWhisk serves as the handler") {
  const Installation fwrun;
  fwrun.install("main.js", {"--name", "whisk"});
  CHECK(fwrun.result("whisk", {{"a", 2}, {"b", 3}}) == json{{"sum", 5}});
}

TEST_CASE("An ES module with top-level await and dynamic import works") {
  const Installation fwrun;
  fwrun.install("module.mjs");
  CHECK(fwrun.result("module", {{"path", "/a/b.txt"}, {"n", 21}}) ==
        json{{"lines", true}, {"base", "b.txt"}, {"double", 42}});
}

TEST_CASE("A nested export is reached by --handler, in a file and in a folder") {
  const Installation fwrun;
  fwrun.install("nested.js", {"--handler", "api.users.list"});
  CHECK(fwrun.result("nested", {{"extra", "grace"}}) == json{"ada", "grace"});
  fwrun.install(".", {"--name", "inside", "--handler", "nested.api.users.list"});
  CHECK(fwrun.result("inside", {{"extra", "x"}}) == json{"ada", "x"});
}

TEST_CASE("A folder with package.json and node_modules works, late require included") {
  const Installation fwrun;
  const json installed = fwrun.install("package");
  CHECK(contains(installed["installed"]["entry"], "package/lib/app.js"));
  CHECK(fwrun.result("package", {{"text", "ab"}, {"n", 3}}) ==
        json{{"padded", "...ab"},
             {"answer", 42},
             {"late", "loaded when first called"},
             {"triple", 9}});
}

TEST_CASE("The environment is what was asked for, with the function's folder to work in") {
  const Installation fwrun;
  const Finished installed = fwrun
                                 .command({"--json", "--install", fixture("environment.js"),
                                           "--env", "A=1,2", "--env", "EMPTY=", "--env", "B=x=y"})
                                 .env("FWRUN_E2E_SECRET", "leak")
                                 .run();
  REQUIRE_MESSAGE(installed.code == 0, installed.out);
  const json variables = fwrun.result("environment");
  CHECK(variables["A"] == "1,2");
  CHECK(variables["EMPTY"] == "");
  CHECK(variables["B"] == "x=y");
  CHECK(variables.contains("PATH"));
  CHECK_FALSE(variables.contains("FWRUN_E2E_SECRET"));
  CHECK_FALSE(variables.contains("FWRUN_HOME"));
  CHECK(variables["cwd"] == fixture("hello.js").parent_path().string());
}

TEST_CASE("No invocation sees what another left behind") {
  const Installation fwrun;
  fwrun.install("counter.js");
  const json first = fwrun.result("counter", {{"mark", "a"}});
  const json second = fwrun.result("counter", {{"mark", "b"}});
  CHECK(first["left"] == "a");
  CHECK(second["left"] == "b");
  CHECK(second["calls"] == first["calls"]);
  CHECK(second["seen"].size() == first["seen"].size());
  CHECK(second["seen"].back() == "b");
}
