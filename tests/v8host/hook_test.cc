// Functions that run before the snapshot and after a restore.
#include <doctest/doctest.h>

#include "tests/v8host/function_host.h"

using fw::test::HostOptions;
using fw::test::OneFile;
using fw::test::Served;

namespace {

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

constexpr std::string_view kFourHooks = R"js(
  const order = [];
  fwrun.beforeSnapshot(() => { order.push('before 1'); });
  fwrun.beforeSnapshot(async () => {
    await new Promise((resolve) => setTimeout(resolve, 2));
    order.push('before 2');
  });
  fwrun.afterRestore(async () => {
    await new Promise((resolve) => setImmediate(resolve));
    order.push('after 1');
  });
  fwrun.afterRestore(() => { order.push('after 2'); });
)js";

constexpr const char* kInOrder = R"(["before 2","before 1","after 1","after 2"])";

HostOptions impatient() {
  HostOptions options;
  options.hook_timeout_ms = 200;
  return options;
}

}  // namespace

TEST_CASE("Hooks run in their order, and asynchronous ones to their end") {
  const OneFile function(std::string(kFourHooks) + "exports.handler = () => order;");
  CHECK(function.installed.result() == kInOrder);
}

TEST_CASE("Hooks run in their order around a point inside the handler") {
  const OneFile function(std::string(kFourHooks) + R"js(
    exports.handler = async () => {
      // @snapshot_here
      return order;
    };
  )js");
  CHECK(function.installed.result() == kInOrder);
}

TEST_CASE("Hooks run in their order around a point behind an await") {
  const OneFile function(std::string(kFourHooks) + R"js(
    exports.handler = async () => {
      await null;
      await new Promise((resolve) => setTimeout(resolve, 1));
      // @snapshot_here
      await new Promise((resolve) => setTimeout(resolve, 1));
      return order;
    };
  )js");
  CHECK(function.installed.result() == kInOrder);
}

TEST_CASE("Hooks run in their order around a point at the top level") {
  const OneFile function(std::string(kFourHooks) + R"js(
    exports.handler = () => order;
    // @snapshot_here
  )js");
  CHECK(function.installed.result() == kInOrder);
}

TEST_CASE("Hooks do not run in training") {
  const OneFile function(R"js(
    let restores = 0;
    fwrun.afterRestore(() => { restores++; });
    exports.handler = () => restores;
  )js");
  CHECK(function.installed.result() == "1");
}

TEST_CASE("A failing before hook fails the install, with its place") {
  const OneFile function(
      "\nfwrun.beforeSnapshot(function close() {\n  throw new Error('busy');\n});"
      "\nexports.handler = () => 1;");
  const fw::embed::ErrorReport& error = function.installed.error();
  CHECK(error.error_type == "Hook.Failed");
  CHECK(contains(error.error_message, "before-snapshot hook close"));
  CHECK(contains(error.error_message, "handler.js:2:"));
  CHECK(contains(error.error_message, "Error: busy"));
  CHECK(error.line == 2);
  CHECK_FALSE(function.installed.has_image());
}

TEST_CASE("A before hook that rejects, hangs or can never settle fails the install") {
  const auto type = [](std::string_view hook) {
    const OneFile function(
        "fwrun.beforeSnapshot(" + std::string(hook) + ");\nexports.handler = () => 1;",
        impatient());
    return function.installed.error().error_type;
  };
  CHECK(type("async () => { throw new Error('no'); }") == "Hook.Failed");
  CHECK(type("() => new Promise((resolve) => setTimeout(resolve, 1e6))") == "Hook.Timeout");
  CHECK(type("() => new Promise(() => {})") == "Hook.NeverSettles");
  CHECK(type("() => { for (;;); }") == "Hook.Timeout");
}

TEST_CASE("A failing after hook fails the invocation, with its place") {
  const OneFile function(
      "\nfwrun.afterRestore(async function connect() { throw new Error('refused'); });"
      "\nexports.handler = () => 1;");
  const Served served = function.installed.invoke("{}");
  CHECK(served.error_type() == "Hook.Failed");
  CHECK(contains(served.error_message(), "after-restore hook connect"));
  CHECK(contains(served.error_message(), "handler.js:2:"));
  CHECK(contains(served.error_message(), "refused"));
}

TEST_CASE("An after hook that hangs fails the invocation") {
  const OneFile function(
      "fwrun.afterRestore(() => new Promise((r) => setTimeout(r, 1e6)));"
      "\nexports.handler = () => 1;",
      impatient());
  const Served served = function.installed.invoke("{}");
  CHECK(served.error_type() == "Hook.Timeout");
  CHECK(contains(served.error_message(), "200 ms"));
}

TEST_CASE("A hook must be a function") {
  const OneFile function("fwrun.afterRestore('nothing');");
  CHECK(function.installed.error().error_type == "Load.Exception");
  CHECK(contains(function.installed.error().error_message, "afterRestore() takes a function"));
}

TEST_CASE("A connection closed before the snapshot and opened after it works") {
  const OneFile function(R"js(
    const http = require('http');
    let server = null;
    const open = () => new Promise((resolve) => {
      server = http.createServer((request, response) => response.end('pong'));
      server.listen(0, '127.0.0.1', resolve);
    });
    fwrun.beforeSnapshot(() => new Promise((resolve) => server.close(resolve)));
    fwrun.afterRestore(open);
    let opened = open();
    exports.handler = async () => {
      await opened;
      return new Promise((resolve) => http.get({ port: server.address().port, agent: false },
          (response) => response.on('data', (data) => resolve(String(data)))));
    };
  )js");
  CHECK(function.installed.result() == R"("pong")");
}

TEST_CASE("What cannot be captured is refused with what it is") {
  const OneFile function(R"js(
    require('net').createServer().listen(0, '127.0.0.1');
    exports.handler = () => 1;
  )js");
  CHECK(function.installed.error().error_type == "Snapshot.Refused");
  CHECK(contains(function.installed.error().error_message, "127.0.0.1"));
  CHECK_FALSE(function.installed.error().retry);
  CHECK_FALSE(function.installed.has_image());
}
