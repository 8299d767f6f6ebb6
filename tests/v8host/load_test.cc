// Loading: both kinds of modules, what they may import, and what is said when a
// file cannot be loaded.
#include <doctest/doctest.h>

#include "tests/v8host/function_host.h"

using fw::test::FunctionFiles;
using fw::test::HostOptions;
using fw::test::Installed;
using fw::test::OneFile;

namespace {

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("A CommonJS file is installed and answers after a restore") {
  const OneFile function("exports.handler = async (event) => ({ twice: event.n * 2 });");
  CHECK(function.installed.result(R"({"n": 21})") == R"({"twice":42})");
}

TEST_CASE("The report tells the runtime, the phases and the image's size") {
  const OneFile function("exports.handler = () => 1;");
  const fw::embed::Report& report = function.installed.report();
  CHECK(report.runtime.starts_with("Node.js 18."));
  CHECK(contains(report.runtime, "V8 10.2"));
  for (const char* phase : {"boot", "load", "train", "capture"}) {
    CHECK(report.phases_us.count(phase) == 1);
  }
  CHECK(report.snapshot.image_bytes > 0);
  CHECK(report.snapshot.captured_pages > 0);
  CHECK(report.snapshot.mappings > 0);
  CHECK(report.annotation.kind == "default");
}

TEST_CASE("A simple handler is captured with one thread") {
  const OneFile function("exports.handler = async (event) => event;");
  CHECK(function.installed.report().snapshot.threads == 1);
}

TEST_CASE("An ES module is captured with one thread too") {
  const OneFile function("export const handler = async (event) => event;", {}, "handler.mjs");
  CHECK(function.installed.report().snapshot.threads == 1);
  CHECK(function.installed.result("[1]") == "[1]");
}

TEST_CASE("An ES module may await at its top level") {
  const OneFile function(R"js(
    const value = await new Promise((resolve) => setTimeout(() => resolve('waited'), 5));
    export const handler = () => value;
  )js",
                         {}, "handler.mjs");
  CHECK(function.installed.result() == R"("waited")");
}

TEST_CASE("package.json decides what a .js file is") {
  FunctionFiles files("package.json", R"({"type": "module"})");
  files.add("handler.js", "export const handler = () => import.meta.url;");
  const Installed installed(files.path("handler.js"));
  CHECK(installed.result() == "\"file://" + files.path("handler.js").string() + "\"");
}

TEST_CASE("A .cjs file is CommonJS whatever package.json says") {
  FunctionFiles files("package.json", R"({"type": "module"})");
  files.add("handler.cjs", "exports.handler = () => typeof require;");
  CHECK(Installed(files.path("handler.cjs")).result() == R"("function")");
}

TEST_CASE("Files, folders, JSON and packages beside the handler are found") {
  FunctionFiles files("handler.js", R"js(
    const { add } = require('./lib/add');
    const data = require('./data.json');
    const pack = require('pack');
    exports.handler = async ({ n }) => {
      const { times } = await import('./times.mjs');
      const scoped = await import('@scope/other');
      return [add(n, data.one), pack.name, times(n), scoped.default];
    };
  )js");
  files.add("lib/add.js", "exports.add = (a, b) => a + b;")
      .add("data.json", R"({"one": 1})")
      .add("node_modules/pack/package.json", R"({"main": "main.js"})")
      .add("node_modules/pack/main.js", "exports.name = 'pack';")
      .add("times.mjs", "export const times = (n) => n * 10;")
      .add("node_modules/@scope/other/package.json", R"({"type": "module", "exports": "./o.js"})")
      .add("node_modules/@scope/other/o.js", "export default 'other';");
  CHECK(Installed(files.path("handler.js")).result(R"({"n": 4})") == R"([5,"pack",40,"other"])");
}

TEST_CASE("An ES module imports CommonJS, packages, JSON by require and node's modules") {
  FunctionFiles files("handler.mjs", R"js(
    import { createRequire } from 'node:module';
    import { join } from 'path';
    import plain from './plain.cjs';
    import { named } from 'pack';
    const data = createRequire(import.meta.url)('./data.json');
    export const handler = () => [plain.value, named, data.one, join('a', 'b'),
                                  import.meta.resolve('./data.json').endsWith('/data.json')];
  )js");
  files.add("plain.cjs", "exports.value = 'plain';")
      .add("node_modules/pack/package.json", R"({"main": "main.js"})")
      .add("node_modules/pack/main.js", "exports.named = 'named';")
      .add("data.json", R"({"one": 1})");
  CHECK(Installed(files.path("handler.mjs")).result() == R"(["plain","named",1,"a/b",true])");
}

TEST_CASE("ES modules that import each other in a circle are loaded once") {
  FunctionFiles files("handler.mjs", R"js(
    import { peer } from './peer.mjs';
    export const name = 'entry';
    export const handler = () => peer();
  )js");
  files.add("peer.mjs",
            "import { name, handler } from './handler.mjs';"
            "export const peer = () => [name, typeof handler];");
  CHECK(Installed(files.path("handler.mjs")).result() == R"(["entry","function"])");
}

TEST_CASE("Modules may be loaded after a restore") {
  FunctionFiles files("handler.js", R"js(
    exports.handler = async ({ late }) => {
      if (!late) return 'early';
      const { util } = require('./late.js');
      const { value } = await import('./late.mjs');
      return [util, value, require('zlib').gzipSync('x').length > 0];
    };
  )js");
  files.add("late.js", "exports.util = require('util').format('%s', 'late');")
      .add("late.mjs", "export const value = await Promise.resolve(5);");
  const Installed installed(files.path("handler.js"));
  CHECK(installed.result("{}") == R"("early")");
  CHECK(installed.result(R"({"late": true})") == R"(["late",5,true])");
}

TEST_CASE("The handler is not the main module, and argv names it") {
  const OneFile function(R"js(
    const main = require.main === module;
    exports.handler = () => [main, process.argv.length, process.argv[1] === __filename,
                             process.execArgv.length];
  )js");
  CHECK(function.installed.result() == "[false,2,true,0]");
}

TEST_CASE("The working directory is the function's folder") {
  const OneFile function("exports.handler = () => process.cwd() === __dirname;");
  CHECK(function.installed.result() == "true");
}

TEST_CASE("The environment is the function's own, and Lambda's names are there") {
  HostOptions options;
  options.environment = {{"GREETING", "hello"}, {"LANG", "de_DE.UTF-8"}};
  ::setenv("FWRUN_TEST_STRANGER", "1", 1);
  const OneFile function(R"js(
    const { GREETING, LANG, FWRUN_TEST_STRANGER, AWS_LAMBDA_FUNCTION_NAME, _HANDLER } = process.env;
    exports.handler = () => [GREETING, LANG, FWRUN_TEST_STRANGER === undefined,
                             AWS_LAMBDA_FUNCTION_NAME, _HANDLER];
  )js",
                         options);
  ::unsetenv("FWRUN_TEST_STRANGER");
  CHECK(function.installed.result() ==
        R"(["hello","de_DE.UTF-8",true,"tested","handler.handler"])");
}

TEST_CASE("A missing file is named") {
  const FunctionFiles files;
  const Installed installed(files.path("absent.js"));
  CHECK(installed.error().error_type == "Load.MissingFile");
  CHECK(contains(installed.error().error_message, "absent.js"));
  CHECK_FALSE(installed.has_image());
}

TEST_CASE("A file that is no JavaScript is refused by its name") {
  const OneFile function("handler: 1", {}, "handler.yaml");
  CHECK(function.installed.error().error_type == "Load.UnknownKind");
}

TEST_CASE("A syntax error of a CommonJS file is shown with its place") {
  const OneFile function("const a = 1;\nconst b = ;\n");
  const fw::embed::ErrorReport& error = function.installed.error();
  CHECK(error.error_type == "Load.SyntaxError");
  CHECK(error.file == function.files.path("handler.js"));
  CHECK(error.line == 2);
  CHECK(error.column == 11);
}

TEST_CASE("A syntax error of an ES module is shown with its place") {
  const OneFile function("export const a = 1;\n  export const b = ;\n", {}, "handler.mjs");
  const fw::embed::ErrorReport& error = function.installed.error();
  CHECK(error.error_type == "Load.SyntaxError");
  CHECK(error.file == function.files.path("handler.mjs"));
  CHECK(error.line == 2);
  CHECK(error.column == 20);
}

TEST_CASE("A syntax error of an annotated file is shown with its place") {
  const OneFile function("// @snapshot_here\nconst a = 1;\nconst b = ;\n");
  const fw::embed::ErrorReport& error = function.installed.error();
  CHECK(error.error_type == "Load.SyntaxError");
  CHECK(error.file == function.files.path("handler.js"));
  CHECK(error.line == 3);
  CHECK(error.column == 11);
}

TEST_CASE("A file that ends too early is reported at its end, not behind it") {
  const OneFile function("exports.main = () => {\n  if (true) {\n");
  CHECK(function.installed.error().error_type == "Load.SyntaxError");
  CHECK(function.installed.error().line <= 3);
}

TEST_CASE("A missing module is named, with who needs it") {
  const OneFile function("\nconst x = require('not-there');");
  const fw::embed::ErrorReport& error = function.installed.error();
  CHECK(error.error_type == "Load.MissingModule");
  CHECK(contains(error.error_message, "not-there"));
  CHECK(error.file == function.files.path("handler.js"));
  CHECK(error.line == 2);
}

TEST_CASE("A missing module of an ES module is named, with who needs it") {
  const OneFile function("import 'not-there';", {}, "handler.mjs");
  CHECK(function.installed.error().error_type == "Load.MissingModule");
  CHECK(contains(function.installed.error().error_message, "not-there"));
  CHECK(contains(function.installed.error().error_message, "handler.mjs"));
}

TEST_CASE("An exception while loading is shown with its place and trace") {
  const OneFile function("function boom() {\n  throw new RangeError('too far');\n}\nboom();\n");
  const fw::embed::ErrorReport& error = function.installed.error();
  CHECK(error.error_type == "Load.Exception");
  CHECK(contains(error.error_message, "RangeError: too far"));
  CHECK(error.line == 2);
  REQUIRE(error.trace.size() >= 3);
  CHECK(contains(error.trace[1], "boom"));
  for (const std::string& line : error.trace) {
    CHECK_FALSE(contains(line, "fwrun:"));
    CHECK_FALSE(contains(line, "node:internal"));
  }
}

TEST_CASE("An ES module that throws at its top level is shown with its place") {
  const OneFile function("await null;\nthrow new Error('no');\nexport const handler = 1;", {},
                         "handler.mjs");
  CHECK(function.installed.error().error_type == "Load.Exception");
  CHECK(function.installed.error().line == 2);
}

TEST_CASE("A module that waits for ever at its top level is an error") {
  const OneFile function("await new Promise(() => {});\nexport const handler = () => 1;", {},
                         "handler.mjs");
  CHECK(function.installed.error().error_type == "Load.NeverSettles");
}

TEST_CASE("A module that never ends loading is stopped where it is") {
  HostOptions options;
  options.training_timeout_ms = 300;
  const OneFile function("function spin() {\n  for (;;);\n}\nspin();\n", options);
  const fw::embed::ErrorReport& error = function.installed.error();
  CHECK(error.error_type == "Load.Timeout");
  CHECK(contains(error.error_message, "handler.js:2"));
}

TEST_CASE("A bad job is answered with what is wrong") {
  HostOptions options;
  options.timeout_ms = 0;
  const OneFile function("exports.handler = () => 1;", options);
  CHECK(function.installed.error().error_type == "Install.BadJob");
  CHECK(contains(function.installed.error().error_message, "time limits"));
}
