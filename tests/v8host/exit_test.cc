// Ways of ending other than answering.
#include <doctest/doctest.h>

#include "tests/v8host/function_host.h"

using fw::test::OneFile;
using fw::test::Served;

namespace {

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

std::string when_run(std::string_view code) {
  return "exports.handler = async (event) => {\n  if (!event.run) return 'trained';\n  " +
         std::string(code) + "\n};\n";
}

constexpr const char* kRun = R"({"run": true})";

}  // namespace

TEST_CASE("process.exit in an invocation is an error with the code and the place") {
  const OneFile function(when_run("process.exit(3);"));
  const Served served = function.installed.invoke(kRun);
  CHECK(served.error_type() == "Runtime.ExitError");
  CHECK(contains(served.error_message(), "process.exit(3)"));
  CHECK(contains(served.trace(), "handler.js:3"));
}

TEST_CASE("process.exit runs the listeners for exit first") {
  const OneFile function(
      when_run("process.on('exit', (code) => console.log('leaving', code)); process.exit(4);"));
  const Served served = function.installed.invoke(kRun);
  CHECK(served.error_type() == "Runtime.ExitError");
  CHECK(served.text(fw::args::Stream::kStdout) == "leaving 4\n");
}

TEST_CASE("An exception that nobody catches is the invocation's error") {
  const OneFile function(when_run(
      "setTimeout(() => { throw new TypeError('stray'); }, 1); await new Promise(() => {});"));
  const Served served = function.installed.invoke(kRun);
  CHECK(served.error_type() == "TypeError");
  CHECK(served.error_message() == "stray");
}

TEST_CASE("A rejection that nobody handles is the invocation's error") {
  const OneFile function(when_run(
      "Promise.reject(new Error('forgotten')); await new Promise((r) => setTimeout(r, 1000));"));
  const Served served = function.installed.invoke(kRun);
  CHECK(served.error_type() == "Runtime.UnhandledPromiseRejection");
  CHECK(contains(served.error_message(), "forgotten"));
}

TEST_CASE("A listener of the user's decides about uncaught exceptions") {
  const OneFile function(R"js(
    let caught = '';
    process.on('uncaughtException', (error) => { caught = error.message; });
    exports.handler = async () => {
      setTimeout(() => { throw new Error('seen'); }, 1);
      await new Promise((resolve) => setTimeout(resolve, 5));
      return caught;
    };
  )js");
  CHECK(function.installed.result() == R"("seen")");
}

TEST_CASE("A process that kills itself is told from one that answers") {
  const OneFile function(when_run("process.abort();"));
  CHECK(function.installed.invoke(kRun).error_type() == "Runtime.Crash");
}

TEST_CASE("process.exit while loading is an error of the install") {
  const OneFile function("\nprocess.exit(5);");
  const fw::embed::ErrorReport& error = function.installed.error();
  CHECK(error.error_type == "Load.Exit");
  CHECK(contains(error.error_message, "process.exit(5)"));
  CHECK(error.line == 2);
}

TEST_CASE("process.exit in training is an error of the install") {
  const OneFile function("exports.handler = () => {\n  process.exit(0);\n};");
  CHECK(function.installed.error().error_type == "Training.Exit");
  CHECK(function.installed.error().line == 2);
}

TEST_CASE("A rejection in training that nobody handles is an error of the install") {
  const OneFile function(
      "exports.handler = async () => {\n  Promise.reject(new Error('lost'));\n"
      "  await new Promise((r) => setTimeout(r, 50));\n};");
  CHECK(function.installed.error().error_type == "Training.UnhandledRejection");
  CHECK(contains(function.installed.error().error_message, "lost"));
  CHECK(function.installed.error().line == 2);
}

TEST_CASE("An exception in training that nobody catches is an error of the install") {
  const OneFile function(
      "exports.handler = async () => {\n"
      "  setTimeout(() => { throw new Error('stray'); }, 1);\n"
      "  await new Promise((r) => setTimeout(r, 50));\n};");
  CHECK(function.installed.error().error_type == "Training.UncaughtException");
  CHECK(function.installed.error().line == 2);
}

TEST_CASE("A stack overflow is an exception like any other") {
  const OneFile function(when_run("const deep = (n) => deep(n + 1) + 1; return deep(0);"));
  const Served served = function.installed.invoke(kRun);
  CHECK(served.error_type() == "RangeError");
  CHECK(contains(served.error_message(), "call stack"));
}
