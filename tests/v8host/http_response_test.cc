// HTTP functions: what becomes of their responses.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/v8host/function_host.h"

using fw::test::Installed;
using fw::test::OneFile;
using fw::test::Served;
using nlohmann::json;

namespace {

json answer(const Installed& installed, const json& event) {
  return json::parse(installed.result(event.dump()));
}

}  // namespace

TEST_CASE("A response is what node's methods make it") {
  const OneFile function(R"js(
    const { pipeline, Readable } = require('stream');
    const ways = {
      '/end': (res) => res.end('done'),
      '/pieces': (res) => { res.statusCode = 201; res.write('a'); res.write(Buffer.from('b')); res.end('c'); },
      '/bytes': (res) => res.end(Buffer.from([255, 0, 122])),
      '/head': (res) => res.writeHead(418, 'Tea', { 'X-One': 1, 'X-Two': ['a', 'b'] }).end('t'),
      '/pairs': (res) => { res.writeHead(200, [['X-One', '1'], ['X-Two', '2']]); res.end(); },
      '/both': (res) => { res.setHeader('X-One', '1'); res.writeHead(200, { 'X-Two': '2' }); res.end(); },
      '/chunked': (res) => { res.setHeader('Transfer-Encoding', 'chunked'); res.write('x'); res.end('y'); },
      '/empty': (res) => { res.statusCode = 204; res.end('nothing'); },
      '/latin1': (res) => res.end('\u00e9', 'latin1'),
      '/piped': (res) => pipeline(Readable.from(['p', 'q']), res, () => {}),
      '/later': (res) => setTimeout(() => res.end('late'), 5),
    };
    exports.handler = (req, res) => { ways[req.path](res); };
    exports.warmup = Object.keys(ways).map((path) => ({ path }));
  )js");
  const auto at = [&](const char* path) { return answer(function.installed, {{"path", path}}); };
  const json done = at("/end");
  CHECK(done == json{{"statusCode", 200},
                     {"headers", {{"content-type", ""}}},
                     {"cookies", json::array()},
                     {"body", "done"},
                     {"isBase64Encoded", false}});
  CHECK(at("/pieces").at("statusCode") == 201);
  CHECK(at("/pieces").at("body") == "abc");
  CHECK(at("/bytes").at("body") == "/wB6");
  CHECK(at("/bytes").at("isBase64Encoded") == true);
  CHECK(at("/head").at("statusCode") == 418);
  CHECK(at("/head").at("headers") == json{{"content-type", ""}, {"x-one", "1"}, {"x-two", "a, b"}});
  CHECK(at("/pairs").at("headers") == json{{"content-type", ""}, {"x-one", "1"}, {"x-two", "2"}});
  CHECK(at("/both").at("headers") == json{{"content-type", ""}, {"x-one", "1"}, {"x-two", "2"}});
  CHECK(at("/chunked").at("body") == "xy");
  CHECK(at("/empty").at("statusCode") == 204);
  CHECK(at("/empty").at("body") == "");
  CHECK(at("/latin1").at("body") == "6Q==");
  CHECK(at("/piped").at("body") == "pq");
  CHECK(at("/later").at("body") == "late");
  const json head = answer(function.installed, {{"path", "/end"}, {"method", "HEAD"}});
  CHECK(head.at("statusCode") == 200);
  CHECK(head.at("body") == "");
}

TEST_CASE("A response is what express's methods make it") {
  const OneFile function(R"js(
    const ways = {
      '/text': (res) => res.send('<p>'),
      '/object': (res) => res.status(202).send({ a: [1] }),
      '/bytes': (res) => res.send(Buffer.from([255])),
      '/json': (res) => res.json('text'),
      '/typed': (res) => res.type('txt').send('plain'),
      '/header': (res) => res.set({ 'X-One': 1 }).header('X-Two', 'b').append('X-Two', 'c').send(res.get('x-one')),
      '/status': (res) => res.sendStatus(404),
      '/redirect': (res) => res.redirect('/a b?x=%20\u00e4'),
      '/moved': (res) => res.redirect(301, 'https://example.org/'),
      '/cookies': (res) => res.cookie('a', 'b c', { httpOnly: true, secure: true, sameSite: 'lax', path: '/p' })
          .cookie('j', { x: 1 }).clearCookie('old').send(),
    };
    exports.handler = (req, res) => { ways[req.path](res); };
    exports.warmup = Object.keys(ways).map((path) => ({ path }));
  )js");
  const auto at = [&](const char* path) { return answer(function.installed, {{"path", path}}); };
  const auto type = [&](const char* path) { return at(path).at("headers").at("content-type"); };
  CHECK(at("/text").at("body") == "<p>");
  CHECK(type("/text") == "text/html; charset=utf-8");
  CHECK(at("/object").at("statusCode") == 202);
  CHECK(at("/object").at("body") == R"({"a":[1]})");
  CHECK(type("/object") == "application/json; charset=utf-8");
  CHECK(at("/bytes").at("body") == "/w==");
  CHECK(type("/bytes") == "application/octet-stream");
  CHECK(at("/json").at("body") == "\"text\"");
  CHECK(type("/typed") == "text/plain; charset=utf-8");
  CHECK(at("/header").at("headers").at("x-two") == "b, c");
  CHECK(at("/header").at("body") == "1");
  CHECK(at("/status").at("statusCode") == 404);
  CHECK(at("/status").at("body") == "Not Found");
  CHECK(at("/redirect").at("statusCode") == 302);
  CHECK(at("/redirect").at("headers").at("location") == "/a%20b?x=%20%C3%A4");
  CHECK(at("/moved").at("statusCode") == 301);
  CHECK(at("/moved").at("headers").at("location") == "https://example.org/");
  CHECK(at("/cookies").at("cookies") ==
        json{"a=b%20c; Path=/p; HttpOnly; Secure; SameSite=Lax", "j=j%3A%7B%22x%22%3A1%7D; Path=/",
             "old=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT"});
}

TEST_CASE("Who waits for the end of a response is told before the process ends") {
  const OneFile function(R"js(
    exports.handler = (req, res) => {
      res.on('finish', () => console.log('finish', res.headersSent, res.writableEnded));
      res.on('close', () => console.log('close'));
      res.end('x', () => console.log('ended'));
      res.end();
    };
  )js");
  const Served served = function.installed.invoke("{}");
  CHECK_FALSE(served.failed);
  CHECK(served.text(fw::args::Stream::kStdout) == "finish true true\nended\nclose\n");
}

TEST_CASE("A handler that fails is an error, however it fails") {
  const OneFile function(R"js(
    exports.handler = async (req, res) => {
      if (req.path === '/throw') throw new TypeError('thrown');
      if (req.path === '/header') res.setHeader('X', 'a\r\nb');
      if (req.path === '/never') return;
      if (req.path === '/after') { await 0; res.end('sent'); throw new Error('too late'); }
      res.end('fine');
    };
  )js");
  const auto fails = [&](const char* path) {
    return function.installed.invoke(json{{"path", path}}.dump());
  };
  CHECK(fails("/throw").error_type() == "TypeError");
  CHECK(fails("/header").error_type() == "TypeError");
  const Served never = fails("/never");
  CHECK(never.error_type() == "Runtime.ResponseNotEnded");
  CHECK(never.error_message().find("res.end()") != std::string::npos);
  CHECK_FALSE(fails("/fine").failed);
  const Served after = fails("/after");
  CHECK_FALSE(after.failed);
  CHECK(after.text(fw::args::Stream::kStderr).find("too late") != std::string::npos);
}

TEST_CASE("A training request that is never answered fails the install") {
  const OneFile function("exports.handler = (req, res) => {};");
  CHECK(function.installed.error().error_type == "Training.NeverSettles");
  CHECK(function.installed.error().error_message.find("never ends its response") !=
        std::string::npos);
}

TEST_CASE("An application that changes the prototypes of both, as express does, is served") {
  const OneFile function(R"js(
    const http = require('http');
    const request = Object.create(http.IncomingMessage.prototype);
    const response = Object.create(http.ServerResponse.prototype);
    response.shout = function (text) { this.setHeader('X-App', '1'); this.end(text.toUpperCase()); };
    exports.handler = function app(req, res, next) {
      Object.setPrototypeOf(req, request);
      Object.setPrototypeOf(res, response);
      let text = '';
      req.setEncoding('utf8');
      req.on('data', (piece) => { text += piece; });
      req.on('end', () => res.shout(`${req.method} ${req.url} ${req.headers.host} ${text}`));
    };
  )js");
  const json made = answer(function.installed, {{"path", "/p"}, {"body", "hello"}});
  CHECK(made.at("body") == "POST /P LOCALHOST HELLO");
  CHECK(made.at("headers").at("x-app") == "1");
}
