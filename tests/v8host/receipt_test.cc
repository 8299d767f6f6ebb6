// What the report says of the code that training left behind.
#include <doctest/doctest.h>

#include <algorithm>

#include "tests/v8host/function_host.h"

using fw::embed::FunctionReport;
using fw::test::Installed;
using fw::test::OneFile;
using fw::test::trained_with;

namespace {

const FunctionReport& function_named(const Installed& installed, std::string_view name) {
  const auto& functions = installed.report().functions;
  const auto found = std::find_if(functions.begin(), functions.end(),
                                  [&](const auto& one) { return one.name == name; });
  if (found == functions.end()) FAIL("the report has no function ", name);
  return *found;
}

bool warns_of(const Installed& installed, std::string_view part) {
  const auto& warnings = installed.report().warnings;
  return std::any_of(warnings.begin(), warnings.end(),
                     [&](const auto& one) { return one.find(part) != std::string::npos; });
}

}  // namespace

TEST_CASE("The cpu example has compiled code for all that it annotates") {
  const Installed installed(std::filesystem::path(FW_SOURCE_DIR) / "examples/cpu/handler.js");
  for (const char* name : {"escape_time", "draw_line", "handler"}) {
    CAPTURE(name);
    const FunctionReport& one = function_named(installed, name);
    CHECK(one.optimised);
    CHECK(one.annotated);
    CHECK(one.reason.empty());
    CHECK(one.code_bytes > 100);
    CHECK(one.code_bytes < 100'000);
  }
  const FunctionReport& handler = function_named(installed, "handler");
  CHECK(handler.before_us > 0);
  CHECK(handler.after_us > 0);
  CHECK(handler.after_us < handler.before_us);
  CHECK(function_named(installed, "escape_time").before_us == 0);
  CHECK(function_named(installed, "escape_time").after_us == 0);
  CHECK(warns_of(installed, "event.width, event.height and event.limit"));
}

TEST_CASE("Functions that nobody annotated are told apart from annotated ones") {
  const OneFile function("exports.handler = (event) => event.n * 2;",
                         trained_with(R"([{"n": 1}, {"n": "1"}])"));
  const FunctionReport& handler = function_named(function.installed, "exports.handler");
  CHECK(handler.optimised);
  CHECK_FALSE(handler.annotated);
  CHECK(handler.code_bytes > 0);
  CHECK_FALSE(warns_of(function.installed, "event.n"));
}

TEST_CASE("A function without optimised code has no code bytes, and no time after") {
  const OneFile function(R"js(
    function rare(n) { return n + 1; }
    exports.rare = rare;
    exports.handler = (event) => event.rare ? rare(1) : 0;
  )js");
  const FunctionReport& rare = function_named(function.installed, "rare");
  CHECK_FALSE(rare.optimised);
  CHECK(rare.code_bytes == 0);
  CHECK(rare.deoptimisations.empty());
}

TEST_CASE("Training that keeps its types sees no deoptimisation, whatever the host does") {
  const OneFile function(R"js(
    function add(a, b) { return a + b; }
    exports.handler = (event) => add(event.n, 1);
  )js",
                         trained_with(R"([{"n": 1}, {"n": 2}])"));
  CHECK(function_named(function.installed, "add").deoptimisations.empty());
  CHECK(function_named(function.installed, "exports.handler").deoptimisations.empty());
}

TEST_CASE("Code that training made V8 give up again is told with the reason") {
  // Numbers until the code is there, then text once in a while.
  const OneFile function(R"js(
    let calls = 0;
    function mixed(x) { return x + 1; }
    exports.handler = () => { calls++; return mixed(calls > 60 && calls % 7 === 0 ? {} : calls); };
  )js");
  const FunctionReport& handler = function_named(function.installed, "exports.handler");
  const FunctionReport& mixed = function_named(function.installed, "mixed");
  CHECK(handler.deoptimisations.size() + mixed.deoptimisations.size() > 0);
  for (const FunctionReport* one : {&handler, &mixed}) {
    for (const std::string& reason : one->deoptimisations) CHECK_FALSE(reason.empty());
  }
}

TEST_CASE("Nothing is said of types where there is no code to lose") {
  const OneFile function("// @snapshot_here\nexports.handler = (event) => event.n * 2;",
                         trained_with(R"([{"n": 1}])"));
  CHECK_FALSE(warns_of(function.installed, "event.n"));
}
