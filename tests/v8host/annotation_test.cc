// Snapshot points: where the process is captured, and how it goes on.
#include <doctest/doctest.h>

#include "tests/v8host/function_host.h"

using fw::test::FunctionFiles;
using fw::test::Installed;
using fw::test::OneFile;
using fw::test::Served;
using fw::test::trained_with;

namespace {

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("A point inside the handler: what comes before it is done once, for all") {
  const OneFile function(R"js(
let prepared = 0;
exports.handler = async (event, context) => {
  prepared++;
  const before = prepared;
  // @snapshot_here
  return { n: event.n, before, same: prepared === before, id: context.awsRequestId.length };
};
)js",
                         trained_with(R"([{"n": "training"}])"));
  CHECK(function.installed.report().annotation.kind == "statement");
  CHECK(function.installed.report().annotation.line == 6);
  CHECK(function.installed.report().annotation.file == function.files.path("handler.js"));
  const std::string first = function.installed.result(R"({"n": 1})");
  CHECK(contains(first, R"("n":1)"));
  CHECK(contains(first, R"("same":true,"id":36)"));
  // Each restored process has the same past.
  CHECK(function.installed.result(R"({"n": 1})") == first);
  CHECK(contains(function.installed.result(R"({"n": [2]})"), R"("n":[2])"));
}

TEST_CASE("A point after an await is reached and left again") {
  const OneFile function(R"js(
    exports.handler = async (event) => {
      await new Promise((resolve) => setTimeout(resolve, 1));
      // @snapshot_here
      await new Promise((resolve) => setTimeout(resolve, 1));
      return event.n;
    };
  )js");
  CHECK(function.installed.result(R"({"n": 7})") == "7");
}

TEST_CASE("A point in a callback handler gives it the invocation's callback") {
  const OneFile function(R"js(
    exports.handler = (event, context, callback) => {
      // @snapshot_here
      setTimeout(() => callback(null, event.n), 1);
    };
  )js");
  CHECK(function.installed.result(R"({"n": 8})") == "8");
}

TEST_CASE("A point on the handler itself") {
  const OneFile function(R"js(
    /** @snapshot_here */
    exports.handler = (event) => event.n;
  )js");
  CHECK(function.installed.report().annotation.kind == "function");
  CHECK(function.installed.result(R"({"n": 9})") == "9");
}

TEST_CASE("snapshotHere() returns the event of the invocation") {
  const OneFile function(R"js(
    exports.handler = (event) => { const mine = fwrun.snapshotHere(); return [mine.n, fwrun.event.n]; };
  )js");
  CHECK(function.installed.report().annotation.kind == "statement");
  CHECK(function.installed.result(R"({"n": 10})") == "[10,10]");
}

TEST_CASE("An error after the point is the invocation's") {
  const OneFile function(R"(exports.handler = (event) => {
  // @snapshot_here
  if (event.fail) throw new Error('after');
  return 1;
};)");
  const Served served = function.installed.invoke(R"({"fail": true})");
  CHECK(served.error_message() == "after");
  CHECK(contains(served.trace(), "handler.js:3"));
}

TEST_CASE("Bad arguments at a point are the invocation's error") {
  const OneFile function(R"(exports.handler = (event) => {
  // @snapshot_here
  return 1;
};)");
  CHECK(function.installed.invoke("{").error_type() == "Runtime.BadArguments");
}

TEST_CASE("A point at the top level after the handler: trained, captured, loading goes on") {
  const OneFile function(R"js(
    const loaded = ['before'];
    exports.handler = async (event) => { await null; return [event.n, ...loaded]; };
    // @snapshot_here
    loaded.push(fwrun.isRestored, fwrun.event.n);
  )js",
                         trained_with(R"([{"n": "training"}])"));
  CHECK(function.installed.report().annotation.kind == "toplevel");
  CHECK(function.installed.report().training.rounds > 10);
  CHECK(function.installed.report().warnings.empty());
  CHECK(function.installed.result(R"({"n": 11})") == R"([11,"before",true,11])");
}

TEST_CASE("A point at the top level before the handler: captured untrained, with a warning") {
  const OneFile function(R"js(
    const now = Date.now();
    // @snapshot_here
    exports.handler = (event) => [event.n, Date.now() >= now];
  )js");
  CHECK(function.installed.report().training.rounds == 0);
  REQUIRE(function.installed.report().warnings.size() == 1);
  CHECK(contains(function.installed.report().warnings[0], "handler.js:3"));
  CHECK(function.installed.result(R"({"n": 12})") == "[12,true]");
}

TEST_CASE("A point at the top level of an ES module") {
  const OneFile function(R"js(
    const loaded = [];
    export const handler = async (event) => [event.n, ...loaded];
    await null;
    // @snapshot_here
    loaded.push(fwrun.isRestored);
  )js",
                         {}, "handler.mjs");
  CHECK(function.installed.report().annotation.kind == "toplevel");
  CHECK(function.installed.report().training.rounds > 10);
  CHECK(function.installed.result(R"({"n": 13})") == "[13,true]");
}

TEST_CASE("An exception behind a point at the top level is the invocation's error") {
  const OneFile function(R"js(
exports.handler = () => 1;
// @snapshot_here
if (fwrun.event.fail) throw new Error('while loading');
)js");
  CHECK(function.installed.result() == "1");
  const Served served = function.installed.invoke(R"({"fail": 1})");
  CHECK(served.error_message() == "while loading");
  CHECK(contains(served.trace(), "handler.js:4"));
}

TEST_CASE("A point in a file that the handler requires") {
  FunctionFiles files("handler.js", R"js(
    const { step } = require('./lib/step');
    exports.handler = (event) => { const base = step(); return [base, fwrun.event.n]; };
  )js");
  files.add("lib/step.js", "exports.step = () => {\n  // @snapshot_here\n  return 'stepped';\n};");
  const Installed installed(files.path("handler.js"));
  CHECK(installed.report().annotation.file == files.path("lib/step.js"));
  CHECK(installed.result(R"({"n": 14})") == R"(["stepped",14])");
}

TEST_CASE("Points in two files are an error that names both") {
  FunctionFiles files("handler.js", R"js(
    require('./other');
    exports.handler = () => {
      // @snapshot_here
      return 1;
    };
  )js");
  files.add("other.js", "exports.f = () => {\n  // @snapshot_here\n};");
  const Installed installed(files.path("handler.js"));
  CHECK(installed.error().error_type == "Annotation.Misplaced");
  CHECK(contains(installed.error().error_message, "handler.js:4:7"));
  CHECK(contains(installed.error().error_message, "other.js:2:3"));
}

TEST_CASE("Two points in one file are an error with the place") {
  const OneFile function(
      "exports.handler = () => {\n  // @snapshot_here\n  // @snapshot_here\n  return 1;\n};");
  CHECK(function.installed.error().error_type == "Annotation.Misplaced");
  CHECK(function.installed.error().line == 3);
}

TEST_CASE("A point that training does not reach is an error with the place") {
  const OneFile function(
      "exports.handler = (event) => {\n  if (event.never) {\n    // @snapshot_here\n  }\n};");
  CHECK(function.installed.error().error_type == "Annotation.NotReached");
  CHECK(function.installed.error().line == 3);
}

TEST_CASE("Annotations of dependencies do not count") {
  FunctionFiles files("handler.js", "require('pack'); exports.handler = () => 1;");
  files.add("node_modules/pack/index.js", "// @snapshot_here\nexports.x = 1;");
  const Installed installed(files.path("handler.js"));
  CHECK(installed.report().annotation.kind == "default");
}

TEST_CASE("Annotated code keeps its lines in stack traces") {
  const OneFile function(R"(exports.handler = (event) => {
  // @snapshot_here
  const lines = new Error().stack.split('\n').slice(1, 2);
  return lines[0].replace(/.*:(\d+):\d+\)?$/, '$1');
};)");
  CHECK(function.installed.result() == R"("3")");
}

TEST_CASE("The fwrun module can be required and imported") {
  const OneFile common(R"js(
    const fwrun = require('fwrun');
    exports.handler = (event) => [fwrun.isRestored, fwrun.event === event, fwrun.context !== undefined];
  )js");
  CHECK(common.installed.result() == "[true,true,true]");
  const OneFile module(R"js(
    import fwrun, { snapshotHere, beforeSnapshot, afterRestore } from 'fwrun';
    export const handler = () => [fwrun.isRestored, typeof snapshotHere, typeof beforeSnapshot,
                                  typeof afterRestore];
  )js",
                       {}, "handler.mjs");
  CHECK(module.installed.result() == R"([true,"function","function","function"])");
}
