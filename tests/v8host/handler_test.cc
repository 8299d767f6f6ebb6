// Which function is the handler, and how it is called.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/v8host/function_host.h"

using fw::test::HostOptions;
using fw::test::OneFile;
using fw::test::Served;
using fw::test::trained_with;

namespace {

HostOptions with_handler(std::string name) {
  HostOptions options;
  options.handler = std::move(name);
  return options;
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("A handler may answer through its callback") {
  const OneFile function(R"js(
    exports.handler = (event, context, callback) => {
      setTimeout(() => event.bad ? callback(new TypeError('bad')) : callback(null, event.n + 1), 1);
    };
  )js");
  CHECK(function.installed.result(R"({"n": 1})") == "2");
  const Served failed = function.installed.invoke(R"({"bad": true})");
  CHECK(failed.error_type() == "TypeError");
  CHECK(failed.error_message() == "bad");
}

TEST_CASE("A callback called at once counts, and only the first call does") {
  const OneFile function(R"js(
    exports.handler = (event, context, callback) => { callback(null, 'first'); callback(null, 2); };
  )js");
  CHECK(function.installed.result() == R"("first")");
}

TEST_CASE("A callback handler that returns a promise is answered by the promise") {
  const OneFile function("exports.handler = async (event, context, callback) => 'promised';");
  CHECK(function.installed.result() == R"("promised")");
}

TEST_CASE("A callback handler that calls nothing answers null, as with Lambda") {
  const OneFile function("exports.handler = (event, context, callback) => 'ignored';");
  CHECK(function.installed.result() == "null");
}

TEST_CASE("A plain function answers with what it returns") {
  const OneFile function("exports.handler = (event) => event.list.length;",
                         trained_with(R"([{"list": []}])"));
  CHECK(function.installed.result(R"({"list": [1, 2, 3]})") == "3");
}

TEST_CASE("OpenWhisk's main is taken when it is exported") {
  const OneFile function("exports.main = (params) => ({ greeting: `Hello ${params.name}` });");
  CHECK(function.installed.result(R"({"name": "Ada"})") == R"({"greeting":"Hello Ada"})");
}

TEST_CASE("OpenWhisk's main is taken when it is only declared") {
  const OneFile function("function main(params) { return { n: params.n }; } // the end");
  CHECK(function.installed.result(R"({"n": 5})") == R"({"n":5})");
}

TEST_CASE("An exported handler wins over a declared main") {
  const OneFile function("function main() { return 'main'; } exports.handler = () => 'handler';");
  CHECK(function.installed.result() == R"("handler")");
}

TEST_CASE("A default export is taken, of both kinds of modules") {
  CHECK(OneFile("export default (event) => event.n;", {}, "handler.mjs")
            .installed.result(R"({"n": 3})") == "3");
  CHECK(OneFile("exports.default = () => 'transpiled';").installed.result() == R"("transpiled")");
  CHECK(OneFile("module.exports = () => 'whole';").installed.result() == R"("whole")");
  CHECK(
      OneFile("export default { handler: () => 'inner' };", {}, "handler.mjs").installed.result() ==
      R"("inner")");
}

TEST_CASE("A handler is found by its name, nested, with its receiver") {
  const std::string_view source = R"js(
    exports.api = { prefix: '>', users: { list() { return this.tag; }, tag: 'users' } };
    exports.handler = () => 'not this one';
  )js";
  CHECK(OneFile(source, with_handler("api.users.list")).installed.result() == R"("users")");
}

TEST_CASE("A named handler that is only declared is found") {
  CHECK(OneFile("function run() { return 1; }", with_handler("run")).installed.result() == "1");
}

TEST_CASE("A file without a handler tells what it exports") {
  const OneFile function("exports.one = 1; exports.two = () => 2;");
  CHECK(function.installed.error().error_type == "Load.NoHandler");
  CHECK(contains(function.installed.error().error_message, "it exports one, two"));
  CHECK(function.installed.error().file == function.files.path("handler.js"));
}

TEST_CASE("A file that exports nothing tells so") {
  const OneFile function("const x = 1;");
  CHECK(contains(function.installed.error().error_message, "it exports nothing"));
}

TEST_CASE("A named handler that is not there tells what is") {
  const OneFile function("exports.handler = () => 1;", with_handler("other.deep"));
  CHECK(function.installed.error().error_type == "Load.NoHandler");
  CHECK(contains(function.installed.error().error_message, "does not export other.deep"));
  CHECK(contains(function.installed.error().error_message, "it exports handler"));
}

TEST_CASE("A handler that is no function is told what it is") {
  const OneFile text("exports.handler = 'text';");
  CHECK(text.installed.error().error_type == "Load.HandlerNotFunction");
  CHECK(contains(text.installed.error().error_message, "of type string"));
  const OneFile list("exports.a = { b: [] };", with_handler("a.b"));
  CHECK(list.installed.error().error_type == "Load.HandlerNotFunction");
  CHECK(contains(list.installed.error().error_message, "an array"));
}

TEST_CASE("The context has Lambda's shape") {
  const OneFile function(R"js(
    exports.handler = async (event, context) => ({ ...context,
      remaining: context.getRemainingTimeInMillis() });
  )js");
  const Served served = function.installed.invoke("{}", 5000);
  REQUIRE_FALSE(served.failed);
  const auto context = nlohmann::json::parse(served.body);
  CHECK(context.at("functionName") == "tested");
  CHECK(context.at("functionVersion") == "7");
  CHECK(context.at("memoryLimitInMB") == "128");
  CHECK(context.at("invokedFunctionArn") == "arn:aws:lambda:local:000000000000:function:tested");
  CHECK(context.at("logGroupName") == "/aws/lambda/tested");
  CHECK(context.at("logStreamName").is_string());
  CHECK(context.at("callbackWaitsForEmptyEventLoop") == true);
  CHECK(context.at("awsRequestId").get<std::string>().size() == 36);
  CHECK(context.at("remaining") <= 5000);
  CHECK(context.at("remaining") > 0);
}

TEST_CASE("Each invocation has its own request id") {
  const OneFile function("exports.handler = (event, { awsRequestId }) => awsRequestId;");
  CHECK(function.installed.result() != function.installed.result());
}

TEST_CASE("Empty arguments are an empty object") {
  const OneFile function("exports.handler = (event) => [typeof event, Object.keys(event).length];");
  CHECK(function.installed.result("") == R"(["object",0])");
}

TEST_CASE("Arguments that are not JSON are an error that tells where") {
  const OneFile function("exports.handler = () => 1;");
  const Served served = function.installed.invoke(R"({"a": })");
  CHECK(served.error_type() == "Runtime.BadArguments");
  CHECK(contains(served.error_message(), "position 6"));
}

TEST_CASE("Arguments of any JSON type arrive as they are") {
  const OneFile function("exports.handler = (event) => event;");
  for (const char* json :
       {"null", "true", "-1.5", R"("text ä 😀 \u0000")", "[1,[2]]", R"({"a":{}})"}) {
    const Served served = function.installed.invoke(json);
    REQUIRE_FALSE(served.failed);
    CHECK(nlohmann::json::parse(served.body) == nlohmann::json::parse(json));
  }
}
