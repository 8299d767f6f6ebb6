// HTTP functions in Python: which handlers are some, their requests and responses.
#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/v8host/clone.h"
#include "tests/v8host/function_host.h"

using fw::test::Clone;
using fw::test::HostOptions;
using fw::test::Installed;
using fw::test::Served;
using nlohmann::json;

namespace {

struct OneFile : fw::test::OneFile {
  explicit OneFile(std::string_view source, const HostOptions& options = {})
      : fw::test::OneFile(source, options, "function.py") {}
};

HostOptions with_signature(std::string signature) {
  HostOptions options;
  options.signature = std::move(signature);
  return options;
}

json answer(const Installed& installed, const json& event) {
  return json::parse(installed.result(event.dump()));
}

json told(const Installed& installed, const json& event) {
  const json made = answer(installed, event);
  REQUIRE_MESSAGE(made.at("statusCode") == 200, made.dump());
  return json::parse(made.at("body").get<std::string>());
}

}  // namespace

TEST_CASE("Python handlers are known as HTTP functions by how they look or are registered") {
  const auto check = [](const char* source, const HostOptions& options = {}) {
    CAPTURE(source);
    const OneFile function(source, options);
    CHECK(function.installed.report().signature == "http");
    const json made = answer(function.installed, {{"path", "/x"}});
    CHECK(made.at("statusCode") == 200);
    CHECK(made.at("body") == "at /x");
  };
  SUBCASE("by the name of the parameter") {
    check("def main(request):\n    return 'at ' + request.path\n");
  }
  SUBCASE("by the decorator") {
    check(R"py(
import functions_framework

@functions_framework.http
def other(asked):
    return 'at ' + asked.path
)py");
  }
  SUBCASE("by the decorator, among several") {
    HostOptions options;
    options.handler = "two";
    check(R"py(
import functions_framework

@functions_framework.http
def one(asked):
    return 'wrong'

@functions_framework.http
def two(asked):
    return 'at ' + asked.path
)py",
          options);
  }
  SUBCASE("by the job") {
    check("def handler(x):\n    return 'at ' + x.path\n", with_signature("http"));
  }
  SUBCASE("asynchronous") {
    check(R"py(
import asyncio

async def handler(request):
    await asyncio.sleep(0)
    return 'at ' + request.path
)py");
  }
}

TEST_CASE("Python handlers of events stay what they are") {
  const OneFile function("def handler(event, context):\n    return event.get('path')\n");
  CHECK(function.installed.report().signature == "event");
  CHECK(function.installed.result(R"({"path": "/x"})") == "\"/x\"");
  const OneFile forced("def handler(request):\n    return request.get('path')\n",
                       with_signature("event"));
  CHECK(forced.installed.report().signature == "event");
  CHECK(forced.installed.result(R"({"path": "/x"})") == "\"/x\"");
}

TEST_CASE("Python registrations that cannot be served fail the install") {
  const OneFile many(R"py(
import functions_framework

@functions_framework.http
def one(request): return ''

@functions_framework.http
def two(request): return ''
)py");
  CHECK(many.installed.error().error_type == "Load.ManyHandlers");
  CHECK(many.installed.error().error_message.find("one, two") != std::string::npos);
  const OneFile event(R"py(
import functions_framework

@functions_framework.cloud_event
def one(event): pass
)py");
  CHECK(event.installed.error().error_message.find("cloud_event is not supported") !=
        std::string::npos);
}

TEST_CASE("Without flask the install fails, and says what to install") {
  const OneFile function(R"py(
import sys

class Absent:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name == 'flask':
            raise ModuleNotFoundError("No module named 'flask'", name='flask')

sys.meta_path.insert(0, Absent)

def handler(request): return ''
)py");
  CHECK(function.installed.error().error_type == "Load.MissingModule");
  CHECK(function.installed.error().error_message.find("python3-flask") != std::string::npos);
}

TEST_CASE("A flask request holds what was asked for") {
  const OneFile function(R"py(
import flask

def handler(request):
    return {
        'real': type(request) is flask.Request and flask.request.path == request.path,
        'method': request.method, 'path': request.path, 'url': request.url,
        'query': request.args.to_dict(flat=False), 'form': request.form.to_dict(),
        'header': request.headers.get('x-test'), 'cookies': request.cookies,
        'json': request.get_json(silent=True), 'data': request.get_data().decode('latin-1'),
        'address': request.remote_addr, 'host': request.host, 'agent': request.user_agent.string,
    }
)py");
  const json request = told(function.installed, {{"method", "PUT"},
                                                 {"path", "/a%20b?x=1&x=2"},
                                                 {"query", {{"y", {"3", "4"}}, {"z", "\u00e4"}}},
                                                 {"headers",
                                                  {{"X-Test", "yes"},
                                                   {"Host", "box.example:8080"},
                                                   {"User-Agent", "curl/7"},
                                                   {"Cookie", "a=b; c=d"}}},
                                                 {"body", {{"n", 1}}}});
  CHECK(request.at("real") == true);
  CHECK(request.at("method") == "PUT");
  CHECK(request.at("path") == "/a b");
  CHECK(request.at("url") == "http://box.example:8080/a%20b?x=1&x=2&y=3&y=4&z=\u00e4");
  CHECK(request.at("query") == json{{"x", {"1", "2"}}, {"y", {"3", "4"}}, {"z", {"\u00e4"}}});
  CHECK(request.at("header") == "yes");
  CHECK(request.at("cookies") == json{{"a", "b"}, {"c", "d"}});
  CHECK(request.at("json") == json{{"n", 1}});
  CHECK(request.at("address") == "127.0.0.1");
  CHECK(request.at("host") == "box.example:8080");
  CHECK(request.at("agent") == "curl/7");
  const auto with = [&](const char* type, const char* body, bool base64 = false) {
    return told(
        function.installed,
        {{"headers", {{"content-type", type}}}, {"body", body}, {"isBase64Encoded", base64}});
  };
  CHECK(with("application/x-www-form-urlencoded", "a=1&b=x+y").at("form") ==
        json{{"a", "1"}, {"b", "x y"}});
  CHECK(with("application/octet-stream", "/wB6", true).at("data") == std::string("\u00ff\0z", 4));
}

TEST_CASE("A response is whatever flask makes one of") {
  const OneFile function(R"py(
import flask
import io

def parts():
    yield 'p'
    yield 'q'

def cookies():
    response = flask.make_response('with cookies')
    response.set_cookie('a', 'b', httponly=True)
    response.set_cookie('c', 'd')
    return response

ways = {
    '/text': lambda: '<p>',
    '/bytes': lambda: b'\xff\x00z',
    '/dict': lambda: {'a': 1},
    '/status': lambda: ('made', 201),
    '/headers': lambda: ('', 204, {'X-One': '1', 'Link': '<a>'}),
    '/response': lambda: flask.Response('plain', status=418, mimetype='text/plain'),
    '/parts': lambda: parts(),
    '/file': lambda: flask.send_file(io.BytesIO(b'file'), mimetype='text/plain'),
    '/redirect': lambda: flask.redirect('/there'),
    '/abort': lambda: flask.abort(403),
    '/cookies': cookies,
}

def handler(request):
    return ways[request.path]()

warmup = [{'path': path} for path in ways]
)py");
  const auto at = [&](const char* path) { return answer(function.installed, {{"path", path}}); };
  CHECK(at("/text").at("body") == "<p>");
  CHECK(at("/text").at("headers").at("content-type") == "text/html; charset=utf-8");
  CHECK(at("/bytes").at("body") == "/wB6");
  CHECK(at("/bytes").at("isBase64Encoded") == true);
  CHECK(json::parse(at("/dict").at("body").get<std::string>()) == json{{"a", 1}});
  CHECK(at("/status").at("statusCode") == 201);
  CHECK(at("/headers").at("statusCode") == 204);
  CHECK(at("/headers").at("headers").at("x-one") == "1");
  CHECK(at("/response").at("statusCode") == 418);
  CHECK(at("/parts").at("body") == "pq");
  CHECK(at("/file").at("body") == "file");
  CHECK(at("/redirect").at("statusCode") == 302);
  CHECK(at("/redirect").at("headers").at("location") == "/there");
  CHECK(at("/abort").at("statusCode") == 403);
  CHECK(at("/cookies").at("cookies") == json{"a=b; HttpOnly; Path=/", "c=d; Path=/"});
  CHECK(answer(function.installed, {{"path", "/text"}, {"method", "HEAD"}}).at("body") == "");
}

TEST_CASE("A handler in Python that fails is an error, a bad request is none") {
  const OneFile function(R"py(
def handler(request):
    if request.path == '/raise':
        raise KeyError('thrown')
    if request.path == '/none':
        return None
    if request.path == '/json':
        return request.get_json()
    return 'fine'
)py");
  CHECK(function.installed.invoke(R"({"path": "/raise"})").error_type() == "KeyError");
  CHECK(function.installed.invoke(R"({"path": "/none"})").error_type() == "TypeError");
  CHECK(function.installed.invoke(R"({"name": 1})").error_type() == "Runtime.BadRequestEvent");
  const json bad = answer(
      function.installed,
      {{"path", "/json"}, {"body", "{"}, {"headers", {{"content-type", "application/json"}}}});
  CHECK(bad.at("statusCode") == 400);
  const OneFile trained("def handler(request): return ''\n",
                        fw::test::trained_with(R"([{"nme": 1}])"));
  CHECK(trained.installed.error().error_type == "Training.BadEvents");
}

TEST_CASE("A snapshot inside of an HTTP function in Python goes on with the new request") {
  const OneFile function(R"py(
import flask
from fwrun import snapshot_here

def handler(request):
    early = request.path
    snapshot_here()
    return [early, request.path, flask.request.path, flask.request.args.get('q')]
)py",
                         fw::test::trained_with(R"([{"path": "/trained"}])"));
  CHECK(function.installed.report().annotation.kind == "statement");
  CHECK(told(function.installed, {{"path", "/asked"}, {"query", {{"q", "1"}}}}) ==
        json{"/trained", "/asked", "/asked", "1"});
}

TEST_CASE("A snapshot inside of a handler in Python that takes the event alone keeps it") {
  const OneFile function(R"py(
from fwrun import snapshot_here

def handler(event):
    snapshot_here()
    return event['n']
)py",
                         fw::test::trained_with(R"([{"n": 1}])"));
  CHECK(function.installed.result(R"({"n": 2})") == "2");
}

TEST_CASE("One process in Python serves one request after the other") {
  const OneFile function(R"py(
count = 0

def handler(request):
    global count
    count += 1
    return request.args['q'], 200, {'X-Count': str(count)}
)py",
                         fw::test::trained_with(R"([{"query": {"q": "x"}}])"));
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
