// How an invocation says whether it ran the code that was compiled before the snapshot.
#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "tests/v8host/clone.h"
#include "tests/v8host/function_host.h"

namespace args = fw::args;
using fw::args::Answer;
using fw::args::Jit;
using fw::test::Clone;
using fw::test::FunctionFiles;
using fw::test::HostOptions;
using fw::test::Installed;
using fw::test::OneFile;
using fw::test::trained_with;

namespace {

const HostOptions kNumbers = trained_with(R"([{"a": 1, "b": 2}, {"a": 3, "b": 4}])");

Answer call_once(const Installed& installed, std::string_view arguments) {
  (void)installed.report();
  return Clone(installed.image()).call(arguments, args::After::kEnds);
}

// The note about a function; the test fails when there is none, or more than one.
nlohmann::json note_about(const Answer& answer, std::string_view function) {
  nlohmann::json found;
  for (const std::string& text : answer.jit_notes) {
    auto note = nlohmann::json::parse(text);
    if (note.at("function") != function) continue;
    CHECK_MESSAGE(found.is_null(), "noted twice: " << text);
    found = std::move(note);
  }
  std::string all;
  for (const std::string& text : answer.jit_notes) all += text;
  REQUIRE_MESSAGE(!found.is_null(), "no note about " << function << ": " << all);
  return found;
}

}  // namespace

TEST_CASE("A call as trained runs the compiled code; text for numbers loses it, with a reason") {
  const OneFile function(R"js(
function add(a, b) { return a + b; }
exports.handler = (event) => ({ sum: add(event.a, event.b) });
)js",
                         kNumbers);
  for (int i = 0; i < 3; ++i) {
    const Answer as_trained = call_once(function.installed, R"({"a": 5, "b": 6})");
    CHECK(as_trained.jit == Jit::kPostJit);
    CHECK(as_trained.jit_notes.empty());
    CHECK(as_trained.body == R"({"sum":11})");
  }
  const Answer lost = call_once(function.installed, R"({"a": "5", "b": "6"})");
  CHECK(lost.body == R"({"sum":"56"})");
  CHECK(lost.jit == Jit::kLost);
  CHECK(lost.logs.empty());
  const nlohmann::json note = note_about(lost, "exports.handler");
  CHECK(note.at("file") == function.files.path("handler.js").string());
  CHECK(note.at("line") == 3);
  CHECK_FALSE(note.at("reason").get<std::string>().empty());
  // The object that holds text is of another shape, or the addition finds text.
  const std::string kind = note.at("kind");
  CHECK((kind == "dependency-change" || kind == "deopt-eager"));
}

TEST_CASE("The function that lost its code is named, in a dependency too") {
  FunctionFiles files("handler.js", R"js(
    const { add } = require('adder');
    exports.handler = ({ list }) => list.map((n) => add(n, 1));
  )js");
  files.add("node_modules/adder/index.js",
            "exports.add = function add(a, b) {\n"
            "  let sum = 0;\n"
            "  for (let i = 0; i < 20; i++) sum += a * b + i;\n"
            "  return sum;\n};\n");
  const Installed installed(files.path("handler.js"), trained_with(R"([{"list": [1, 2, 3]}])"));
  CHECK(call_once(installed, R"({"list": [4]})").jit == Jit::kPostJit);
  const Answer lost = call_once(installed, R"({"list": ["x"]})");
  CHECK(lost.jit == Jit::kLost);
  bool named = false;
  for (const std::string& text : lost.jit_notes) {
    const std::string file = nlohmann::json::parse(text).at("file");
    CHECK(file.starts_with(files.folder().string()));
    named = named || nlohmann::json::parse(text).at("function") == "add" ||
            nlohmann::json::parse(text).at("function") == "exports.handler";
  }
  CHECK(named);
}

TEST_CASE("Code that is given up after an await is told as well") {
  const OneFile function(R"js(
function twice(n) { return n * 2; }
exports.handler = async (event) => {
  await new Promise((resolve) => setTimeout(resolve, 1));
  await null;
  return twice(event.late);
};
)js",
                         trained_with(R"([{"late": 1}, {"late": 2}])"));
  CHECK(call_once(function.installed, R"({"late": 7})").jit == Jit::kPostJit);
  const Answer lost = call_once(function.installed, R"({"late": "7"})");
  CHECK(lost.body == "14");
  CHECK(lost.jit == Jit::kLost);
  CHECK_FALSE(lost.jit_notes.empty());
}

TEST_CASE("Code that is thrown away without running, as what it relied on changed, is told") {
  const OneFile function(R"js(
const settings = { factor: 3 };
function scale(n) { return n * settings.factor; }
exports.handler = (event) => {
  if (event.factor) settings.factor = event.factor;
  return scale(event.n);
};
)js",
                         trained_with(R"([{"n": 1}, {"n": 2}])"));
  CHECK(call_once(function.installed, R"({"n": 4})").jit == Jit::kPostJit);
  const Answer lost = call_once(function.installed, R"({"factor": 5, "n": 4})");
  CHECK(lost.body == "20");
  CHECK(lost.jit == Jit::kLost);
  CHECK_FALSE(lost.jit_notes.empty());
}

TEST_CASE("A failing call tells what it lost too") {
  const OneFile function(R"js(
exports.handler = (event) => { const n = event.a * 2; if (event.fail) throw new Error('x'); return n; };
)js",
                         kNumbers);
  const Answer lost = call_once(function.installed, R"({"a": {}, "fail": true})");
  CHECK(lost.outcome == fw::args::Outcome::kError);
  CHECK(lost.jit == Jit::kLost);
}

TEST_CASE("Where nothing was optimised there is nothing to lose") {
  // Captured before there is a handler to train.
  const OneFile function(R"js(
// @snapshot_here
exports.handler = (event) => event.a + event.b;
)js",
                         kNumbers);
  for (const char* arguments : {R"({"a": 1, "b": 2})", R"({"a": "1", "b": "2"})"}) {
    const Answer answer = call_once(function.installed, arguments);
    CHECK(answer.jit == Jit::kNothing);
    CHECK(answer.jit_notes.empty());
  }
}

TEST_CASE("Code that is compiled and given up after the restore is not what was lost") {
  const OneFile function(R"js(
exports.handler = (event) => {
  if (!event.make) return 1;
  // Made, optimised and disappointed in this very call.
  const young = new Function('a', 'b', 'return a + b;');
  let sum = 0;
  for (let i = 0; i < 200000; i++) sum = young(i, 1);
  return [typeof sum, young('a', 'b')];
};
)js",
                         trained_with(R"([{"make": false}])"));
  const Answer answer = call_once(function.installed, R"({"make": true})");
  CHECK(answer.body == R"(["number","ab"])");
  for (const std::string& note : answer.jit_notes) {
    CHECK(nlohmann::json::parse(note).at("function") == "exports.handler");
  }
}

TEST_CASE("What native code prints arrives where it would have, and no trace with it") {
  const OneFile function(R"js(
const { print } = require(process.env.ADDON);
function add(a, b) { return a + b; }
exports.handler = (event) => {
  print('native before\n');
  const sum = add(event.a, event.b);
  print('native after\n');
  return sum;
};
)js",
                         [] {
                           HostOptions options = kNumbers;
                           options.environment = {{"ADDON", FW_PRINTING_ADDON}};
                           return options;
                         }());
  (void)function.installed.report();
  for (const bool as_trained : {true, false}) {
    Clone clone(function.installed.image());
    const Answer answer = clone.call(as_trained ? R"({"a": 1, "b": 2})" : R"({"a": "1", "b": 2})",
                                     args::After::kEnds);
    CHECK(answer.jit == (as_trained ? Jit::kPostJit : Jit::kLost));
    CHECK(clone.ends());
    CHECK(clone.output() == "native before\nnative after\n");
  }
}

TEST_CASE("What native code printed before its process died is not lost") {
  HostOptions options = kNumbers;
  options.environment = {{"ADDON", FW_PRINTING_ADDON}};
  const OneFile function(R"js(
const { print } = require(process.env.ADDON);
exports.handler = (event) => {
  print('last words\n');
  if (event.end) process.abort();
  return 1;
};
)js",
                         options);
  const fw::test::Served served = function.installed.invoke(R"({"end": true})");
  CHECK(served.error_type() == "Runtime.Crash");
  CHECK(served.text(fw::args::Stream::kStdout) == "last words\n");
}

TEST_CASE("A process that stays tells of each invocation what that one lost") {
  const OneFile function("exports.handler = (event) => event.a + event.b;", kNumbers);
  (void)function.installed.report();
  Clone clone(function.installed.image());
  CHECK(clone.call(R"({"a": 1, "b": 2})").jit == Jit::kPostJit);
  const Answer lost = clone.call(R"({"a": "1", "b": "2"})");
  CHECK(lost.jit == Jit::kLost);
  CHECK(lost.jit_notes.size() == 1);
  CHECK(clone.call(R"({"a": 1, "b": 2})", args::After::kEnds).jit_notes.empty());
  CHECK(clone.ends());
}
