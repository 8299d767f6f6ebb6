// What a handler may answer, and how its errors arrive.
#include <doctest/doctest.h>

#include "tests/v8host/function_host.h"

using fw::test::OneFile;
using fw::test::Served;

namespace {

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

// Answers well in training; `code` runs for events with `run`.
std::string when_run(std::string_view code) {
  return "exports.handler = async (event) => {\n  if (!event.run) return 'trained';\n  " +
         std::string(code) + "\n};\n";
}

constexpr const char* kRun = R"({"run": true})";

}  // namespace

TEST_CASE("What JSON cannot say is null") {
  const OneFile function("exports.handler = ({ f }) => f ? () => 1 : undefined;");
  CHECK(function.installed.result() == "null");
  CHECK(function.installed.result(R"({"f": 1})") == "null");
}

TEST_CASE("A circle in the result is an error that shows where") {
  const OneFile function(when_run("const a = { list: [{}] }; a.list[0].up = a; return a;"));
  const Served served = function.installed.invoke(kRun);
  CHECK(served.error_type() == "Runtime.ResultNotSerialisable");
  CHECK(contains(served.error_message(), "result.list[0].up refers back to result"));
}

TEST_CASE("A BigInt in the result is an error that shows where") {
  const OneFile function(when_run("return { sums: [1, 2n] };"));
  const Served served = function.installed.invoke(kRun);
  CHECK(served.error_type() == "Runtime.ResultNotSerialisable");
  CHECK(contains(served.error_message(), "result.sums[1] is a BigInt"));
}

TEST_CASE("A toJSON that throws is an error with its message") {
  const OneFile function(when_run("return { toJSON() { throw new Error('not now'); } };"));
  const Served served = function.installed.invoke(kRun);
  CHECK(served.error_type() == "Runtime.ResultNotSerialisable");
  CHECK(contains(served.error_message(), "not now"));
}

TEST_CASE("The same object twice is no circle") {
  const OneFile function("exports.handler = () => { const a = { b: 1 }; return [a, a]; };");
  CHECK(function.installed.result() == R"([{"b":1},{"b":1}])");
}

TEST_CASE("A thrown error arrives with its type, message and the user's stack") {
  const OneFile function(
      when_run("class Mine extends Error { constructor(m) { super(m); this.name = 'MyError'; } }\n"
               "  const inner = () => { throw new Mine('my message'); };\n  inner();"));
  const Served served = function.installed.invoke(kRun);
  CHECK(served.error_type() == "MyError");
  CHECK(served.error_message() == "my message");
  const std::string trace = served.trace();
  CHECK(contains(trace, "at inner"));
  CHECK(contains(trace, "handler.js:4:31"));
  CHECK_MESSAGE(!contains(trace, "fwrun:"), trace);
  CHECK_FALSE(contains(trace, "node:internal"));
}

TEST_CASE("Things that are no errors can be thrown") {
  const OneFile function(
      when_run("const { what } = event; if (what === 'text') throw 'text';\n"
               "  if (what === 'object') throw { code: 5 };\n  if (what === 'null') throw null;\n"
               "  throw new Proxy({}, { get() { throw new Error('hidden'); } });"));
  const Served text = function.installed.invoke(R"({"run": 1, "what": "text"})");
  CHECK(text.error_type() == "string");
  CHECK(text.error_message() == "text");
  const Served object = function.installed.invoke(R"({"run": 1, "what": "object"})");
  CHECK(object.error_type() == "object");
  CHECK(contains(object.error_message(), "code: 5"));
  CHECK(function.installed.invoke(R"({"run": 1, "what": "null"})").error_message() == "null");
  CHECK(function.installed.invoke(R"({"run": 1, "what": "proxy"})").failed);
}

TEST_CASE("A rejected promise arrives as its reason") {
  const OneFile function(when_run("return Promise.reject(new SyntaxError('later'));"));
  CHECK(function.installed.invoke(kRun).error_type() == "SyntaxError");
}

TEST_CASE("A promise that never settles is an error when nothing is left to wait for") {
  const OneFile function(when_run("return new Promise(() => {});"));
  CHECK(function.installed.invoke(kRun).error_type() == "Runtime.NeverSettles");
}

TEST_CASE("Results larger than the slot arrive whole") {
  const OneFile function("exports.handler = ({ n = 1 }) => 'x'.repeat(n);");
  for (const std::size_t size : {std::size_t{1000}, std::size_t{5} << 20}) {
    const Served served = function.installed.invoke("{\"n\":" + std::to_string(size) + "}");
    REQUIRE_FALSE(served.failed);
    CHECK(served.body.size() == size + 2);
  }
}

TEST_CASE("Arguments larger than the slot arrive whole") {
  const OneFile function("exports.handler = (event) => event.length ?? 0;");
  const std::string large(std::size_t{5} << 20, 'x');
  CHECK(function.installed.result("\"" + large + "\"") == std::to_string(large.size()));
}

TEST_CASE("A result beyond 64 MB is refused with its size") {
  fw::test::HostOptions options;
  options.memory_mb = 1024;
  const OneFile function("exports.handler = ({ n = 1 }) => 'x'.repeat(n);", options);
  const Served served = function.installed.invoke(R"({"n": 67108864})", 60000);
  CHECK(served.error_type() == "Runtime.ResultTooLarge");
  CHECK(contains(served.error_message(), "67108866 bytes"));
}
