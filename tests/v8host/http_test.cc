// HTTP functions: which handlers are some, and what their requests hold.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/v8host/clone.h"
#include "tests/v8host/function_host.h"

using fw::test::Clone;
using fw::test::HostOptions;
using fw::test::Installed;
using fw::test::OneFile;
using fw::test::Served;
using nlohmann::json;

namespace {

HostOptions with_signature(std::string signature) {
  HostOptions options;
  options.signature = std::move(signature);
  return options;
}

// The answer to a request, in the payload format 2.0.
json answer(const Installed& installed, const json& event) {
  return json::parse(installed.result(event.dump()));
}

// The same, of a body that is JSON.
json told(const Installed& installed, const json& event) {
  const json made = answer(installed, event);
  REQUIRE_MESSAGE(made.at("statusCode") == 200, made.dump());
  return json::parse(made.at("body").get<std::string>());
}

}  // namespace

TEST_CASE("Handlers are known as HTTP functions by how they look or are registered") {
  const auto check = [](const char* source, const HostOptions& options = {},
                        std::string_view name = "handler.js") {
    CAPTURE(source);
    const OneFile function(source, options, name);
    CHECK(function.installed.report().signature == "http");
    const json made = answer(function.installed, {{"path", "/x"}});
    CHECK(made.at("statusCode") == 200);
    CHECK(made.at("body") == "at /x");
  };
  SUBCASE("by the names of their parameters") {
    check("exports.handler = (req, res) => { res.end('at ' + req.path); };");
    check(
        "exports.main = async function (request, response) { response.end(`at ${request.url}`); "
        "};");
    check("exports.handler = (req /* what is asked */, res, next) => res.end('at ' + req.url);");
  }
  SUBCASE("by registration") {
    check(R"js(
      const functions = require('@google-cloud/functions-framework');
      functions.http('other', (ask, tell) => { tell.send('at ' + ask.path); });
    )js");
    check(R"js(
      const { http } = require('@google-cloud/functions-framework');
      http('one', (req, res) => res.send('wrong'));
      http('two', (req, res) => res.send('at ' + req.path));
    )js",
          [] {
            HostOptions options;
            options.handler = "two";
            return options;
          }());
    check(R"js(
      import * as functions from '@google-cloud/functions-framework';
      functions.http('other', (ask, tell) => { tell.send('at ' + ask.path); });
    )js",
          {}, "handler.mjs");
  }
  SUBCASE("by the job") {
    check("exports.handler = (a, b) => b.end('at ' + a.path);", with_signature("http"));
  }
}

TEST_CASE("Handlers of events stay what they are") {
  for (const char* source :
       {"exports.handler = (event, context) => event.path;", "exports.handler = (req) => req.path;",
        "exports.handler = (request, context, response) => response(null, "
        "request.path);"}) {
    CAPTURE(source);
    const OneFile function(source);
    CHECK(function.installed.report().signature == "event");
    CHECK(function.installed.result(R"({"path": "/x"})") == "\"/x\"");
  }
  const OneFile forced("exports.handler = (req, res) => req.path;", with_signature("event"));
  CHECK(forced.installed.report().signature == "event");
  CHECK(forced.installed.result(R"({"path": "/x"})") == "\"/x\"");
}

TEST_CASE("Registrations that cannot be served fail the install") {
  const OneFile many(R"js(
    const functions = require('@google-cloud/functions-framework');
    functions.http('one', (req, res) => res.end());
    functions.http('two', (req, res) => res.end());
  )js");
  CHECK(many.installed.error().error_type == "Load.ManyHandlers");
  CHECK(many.installed.error().error_message.find("one, two") != std::string::npos);
  const OneFile event("require('@google-cloud/functions-framework').cloudEvent('e', () => {});");
  CHECK(event.installed.error().error_message.find("cloudEvent(\"e\") is not supported") !=
        std::string::npos);
}

TEST_CASE("A request holds what was asked for") {
  const OneFile function(R"js(
    const http = require('http');
    exports.handler = (req, res) => res.json({
      real: req instanceof http.IncomingMessage && res instanceof http.ServerResponse,
      method: req.method, url: req.url, original: req.originalUrl, path: req.path,
      query: req.query, headers: req.headers, raw: req.rawHeaders.length,
      get: [req.get('X-TEST'), req.header('content-type'), req.get('nothing') ?? null],
      body: req.body, rawBody: req.rawBody.toString(), is: req.is('json', 'text/*'),
      ip: req.ip, hostname: req.hostname, protocol: req.protocol, secure: req.secure,
      version: req.httpVersion, params: req.params,
    });
  )js");
  const json request = told(function.installed, {{"method", "PUT"},
                                                 {"path", "/a%20b?x=1&x=2"},
                                                 {"query", {{"y", {"3", "4"}}, {"z", "\u00e4"}}},
                                                 {"headers",
                                                  {{"X-Test", "yes"},
                                                   {"Host", "box.example:8080"},
                                                   {"Cookie", "a=b; c=d"},
                                                   {"X-Forwarded-Proto", "https"}}},
                                                 {"body", {{"n", 1}}}});
  CHECK(request.at("real") == true);
  CHECK(request.at("method") == "PUT");
  CHECK(request.at("url") == "/a%20b?x=1&x=2&y=3&y=4&z=%C3%A4");
  CHECK(request.at("original") == request.at("url"));
  CHECK(request.at("path") == "/a%20b");
  CHECK(request.at("query") == json{{"x", {"1", "2"}}, {"y", {"3", "4"}}, {"z", "\u00e4"}});
  CHECK(request.at("headers").at("cookie") == "a=b; c=d");
  CHECK(request.at("headers").at("host") == "box.example:8080");
  CHECK(request.at("raw") == 10);
  CHECK(request.at("get") == json{"yes", "application/json", nullptr});
  CHECK(request.at("body") == json{{"n", 1}});
  CHECK(request.at("rawBody") == R"({"n":1})");
  CHECK(request.at("is") == "json");
  CHECK(request.at("ip") == "127.0.0.1");
  CHECK(request.at("hostname") == "box.example");
  CHECK(request.at("protocol") == "https");
  CHECK(request.at("secure") == true);
  CHECK(request.at("version") == "1.1");
}

TEST_CASE("Bodies are parsed by their type, and can be read as a stream") {
  const OneFile function(R"js(
    exports.handler = async (req, res) => {
      const pieces = [];
      for await (const piece of req) pieces.push(piece);
      const body = Buffer.isBuffer(req.body) ? [...req.body] : req.body;
      res.json({ body, streamed: Buffer.concat(pieces).toString('latin1') });
    };
  )js");
  const auto with = [&](const char* type, const char* body, bool base64 = false) {
    return told(
        function.installed,
        {{"headers", {{"content-type", type}}}, {"body", body}, {"isBase64Encoded", base64}});
  };
  CHECK(with("application/x-www-form-urlencoded", "a=1&b=x+y&a=2").at("body") ==
        json{{"a", {"1", "2"}}, {"b", "x y"}});
  CHECK(with("text/plain; charset=utf-8", "text").at("body") == "text");
  CHECK(with("application/vnd.api+json", "[1]").at("body") == json{1});
  const json bytes = with("application/octet-stream", "/wB6", true);
  CHECK(bytes.at("body") == json{255, 0, 122});
  CHECK(bytes.at("streamed") == std::string("\u00ff\0z", 4));
  CHECK(told(function.installed, json::object()).at("body") == json::object());

  const json bad = answer(function.installed,
                          {{"headers", {{"content-type", "application/json"}}}, {"body", "{"}});
  CHECK(bad.at("statusCode") == 400);
  CHECK(bad.at("body").get<std::string>().starts_with("the body is not JSON"));
}

TEST_CASE("An event that is no request is refused, saying what one looks like") {
  const OneFile function("exports.handler = (req, res) => res.end();");
  const Served unknown = function.installed.invoke(R"({"name": "x"})");
  CHECK(unknown.error_type() == "Runtime.BadRequestEvent");
  CHECK(unknown.error_message().find("no field \"name\"") != std::string::npos);
  CHECK(function.installed.invoke("[]").error_type() == "Runtime.BadRequestEvent");
  const OneFile trained("exports.handler = (req, res) => res.end();",
                        fw::test::trained_with(R"([{"path": "/"}, {"nme": 1}])"));
  CHECK(trained.installed.error().error_type == "Training.BadEvents");
  CHECK(trained.installed.error().error_message.find("event 1") != std::string::npos);
}

TEST_CASE("An event of AWS's function URLs is a request") {
  const OneFile function(
      "exports.handler = (req, res) => res.json([req.method, req.url, req.ip, "
      "req.headers.cookie, req.body]);");
  const json event = json::parse(R"({
    "version": "2.0", "rawPath": "/p", "rawQueryString": "q=1", "cookies": ["a=b", "c=d"],
    "headers": {"content-type": "application/json"}, "body": "eyJuIjoxfQ==",
    "isBase64Encoded": true,
    "requestContext": {"http": {"method": "DELETE", "path": "/p", "sourceIp": "192.0.2.7"}}
  })");
  CHECK(told(function.installed, event) ==
        json{"DELETE", "/p?q=1", "192.0.2.7", "a=b; c=d", {{"n", 1}}});
}

TEST_CASE("A snapshot inside of an HTTP function goes on with the invocation's request") {
  const OneFile function(R"js(
    exports.handler = (req, res) => {
      const early = req.path;
      // @snapshot_here
      res.json([early, req.path]);
    };
  )js",
                         fw::test::trained_with(R"([{"path": "/trained"}])"));
  CHECK(function.installed.report().annotation.kind == "statement");
  CHECK(told(function.installed, {{"path", "/asked"}}) == json{"/trained", "/asked"});
}

TEST_CASE("One process serves one request after the other") {
  const OneFile function(R"js(
    let count = 0;
    exports.handler = (req, res) => { count++; res.set('X-Count', count).send(req.query.q); };
  )js");
  (void)function.installed.report();
  Clone clone(function.installed.image());
  int first = 0;
  for (int i = 0; i < 20; ++i) {
    const auto last = i == 19 ? fw::args::After::kEnds : fw::args::After::kStays;
    const auto served = clone.call(R"({"query": {"q": ")" + std::to_string(i) + "\"}}", last);
    const json made = json::parse(served.body);
    const int count = std::stoi(made.at("headers").at("x-count").get<std::string>());
    if (i == 0) first = count;
    CHECK(count == first + i);
    CHECK(made.at("body") == std::to_string(i));
  }
  CHECK(clone.ends());
}
