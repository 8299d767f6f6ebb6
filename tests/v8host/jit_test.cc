// What the report says of each function's code.
#include <doctest/doctest.h>

#include <algorithm>

#include "tests/v8host/function_host.h"

using fw::embed::FunctionReport;
using fw::test::FunctionFiles;
using fw::test::Installed;
using fw::test::OneFile;

namespace {

const FunctionReport& function_named(const Installed& installed, std::string_view name) {
  const auto& functions = installed.report().functions;
  const auto found = std::find_if(functions.begin(), functions.end(),
                                  [&](const auto& one) { return one.name == name; });
  if (found == functions.end()) FAIL("the report has no function ", name);
  return *found;
}

bool has_function(const Installed& installed, std::string_view name) {
  const auto& functions = installed.report().functions;
  return std::any_of(functions.begin(), functions.end(),
                     [&](const auto& one) { return one.name == name; });
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("Every function that training reaches is optimised, with its place") {
  const OneFile function(R"js(
function leaf(n) { return n * 2 + 1; }
const middle = (n) => leaf(n) + leaf(n + 1);
class Thing { constructor(n) { this.n = n; } twice() { return middle(this.n); } }
async function later(n) { await null; return new Thing(n).twice(); }
exports.handler = async (event) => later(event.n ?? 1);
)js");
  for (const auto& place : {std::pair{"leaf", 2U}, {"middle", 3U}, {"later", 5U}}) {
    const FunctionReport& one = function_named(function.installed, place.first);
    CHECK_MESSAGE(one.tier == "turbofan", one.name << ": " << one.reason);
    CHECK(one.reason.empty());
    CHECK(one.line == place.second);
    CHECK(one.file == function.files.path("handler.js"));
  }
  CHECK(function_named(function.installed, "exports.handler").tier == "turbofan");
  CHECK(contains(function_named(function.installed, "twice").tier, "turbofan"));
  CHECK(function.installed.result(R"({"n": 3})") == "16");
}

TEST_CASE("A function that training never calls is named as such") {
  const OneFile function(R"js(
    function rare(n) { return n + 1; }
    function at_load() { return 5; }
    const five = at_load();
    exports.rare = rare; exports.at_load = at_load;
    exports.handler = (event) => event.rare ? rare(event.rare) : five;
  )js");
  const FunctionReport& rare = function_named(function.installed, "rare");
  CHECK(rare.tier == "uncompiled");
  CHECK(contains(rare.reason, "never called"));
  const FunctionReport& at_load = function_named(function.installed, "at_load");
  CHECK(at_load.tier != "turbofan");
  CHECK(contains(at_load.reason, "never called"));
  CHECK(function.installed.result(R"({"rare": 1})") == "2");
}

TEST_CASE("A function whose optimised code V8 gives up again and again is named as such") {
  const OneFile function(R"js(
    let n = 0;
    const shapes = (i) => { const o = {}; o['k' + i] = 1; o.x = i % 3 ? i : 'text'; return o; };
    function unstable(o) { return o.x + 1; }
    exports.handler = () => { n++; return String(unstable(shapes(n))).length > 0; };
  )js");
  // It ends in one of the two ways, and never without a reason.
  const FunctionReport& unstable = function_named(function.installed, "unstable");
  CHECK((unstable.tier == "turbofan") == unstable.reason.empty());
}

TEST_CASE("A function too long to be optimised is named as such") {
  std::string source = "function long_one(n) {\n  let s = n;\n";
  for (int i = 0; i < 9000; ++i) source += "  s = s * 3 + " + std::to_string(i * 1000) + ";\n";
  source += "  return s;\n}\nexports.handler = (event) => long_one(event.n ?? 1) > 0;\n";
  const OneFile function(source);
  const FunctionReport& long_one = function_named(function.installed, "long_one");
  CHECK(long_one.tier != "turbofan");
  CHECK(contains(long_one.reason, "too long"));
}

TEST_CASE("Functions of dependencies are optimised and reported when training reaches them") {
  FunctionFiles files("handler.js", R"js(
    const { used } = require('pack');
    exports.handler = (event) => used(event.n ?? 0);
  )js");
  files.add("node_modules/pack/index.js",
            "exports.used = function used(n) { return n + 1; };"
            "exports.unused = function unused(n) { return n - 1; };");
  const Installed installed(files.path("handler.js"));
  CHECK(function_named(installed, "used").tier == "turbofan");
  CHECK_FALSE(has_function(installed, "unused"));
}

TEST_CASE("With @jit only the annotated functions are forced and reported") {
  const OneFile function(R"js(
    /** @jit */
    function chosen(n) { return n * 2; }
    /** @jit */
    function never(n) { return n; }
    const other = (n) => n + 1;
    exports.never = never;
    exports.handler = (event) => chosen(other(event.n ?? 1));
  )js");
  CHECK(function_named(function.installed, "chosen").tier == "turbofan");
  CHECK(contains(function_named(function.installed, "never").reason, "never called"));
  CHECK_FALSE(has_function(function.installed, "other"));
  CHECK(function.installed.result(R"({"n": 4})") == "10");
}

TEST_CASE("Functions of ES modules are reported by path") {
  const OneFile function("export function handler(event) { return event.n ?? 1; }", {},
                         "handler.mjs");
  const FunctionReport& handler = function_named(function.installed, "handler");
  CHECK(handler.tier == "turbofan");
  CHECK(handler.file == function.files.path("handler.mjs"));
}

TEST_CASE("Functions that V8 makes of class fields and static blocks do not disturb") {
  const OneFile function(R"js(
    class Fields {
      plain = 1; arrow = () => this.plain; static shared = [1, 2]; #hidden = 3; [`c${1 + 1}`] = 4;
      static { this.made = this.shared.length; }
      sum() { return this.plain + this.arrow() + this.#hidden + this.c2 + Fields.made; }
    }
    exports.Fields = Fields;
    exports.handler = () => new Fields().sum();
  )js");
  CHECK(function_named(function.installed, "sum").tier == "turbofan");
  for (const FunctionReport& one : function.installed.report().functions) {
    CHECK_FALSE(one.name.starts_with("<"));
  }
  CHECK(function.installed.result() == "11");
}

TEST_CASE("asm.js and WebAssembly do not disturb") {
  const OneFile function(R"js(
    function Asm(stdlib) { 'use asm'; function f(x) { x = x | 0; return (x + 1) | 0; } return { f }; }
    const asm = Asm(globalThis);
    const bytes = Uint8Array.from([0, 97, 115, 109, 1, 0, 0, 0, 1, 6, 1, 96, 1, 127, 1, 127, 3, 2, 1,
        0, 7, 5, 1, 1, 102, 0, 0, 10, 9, 1, 7, 0, 32, 0, 65, 1, 106, 11]);
    const { instance } = { instance: new WebAssembly.Instance(new WebAssembly.Module(bytes)) };
    exports.handler = async (event) => {
      const compiled = await WebAssembly.instantiate(bytes);
      return [asm.f(1), instance.exports.f(2), compiled.instance.exports.f(3)];
    };
  )js");
  CHECK(function.installed.result() == "[2,3,4]");
}
