#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "gateway/exchange.h"
#include "gateway/percent.h"

namespace {

using namespace fw::gateway;
using boost::beast::http::verb;

// Answers with what was captured, after a mark that tells which route it was.
Route marked(std::string mark) {
  return [mark = std::move(mark)](std::shared_ptr<Exchange> exchange) {
    Response response;
    response.body = mark;
    for (const std::string& capture : exchange->captures) response.body += "|" + capture;
    exchange->respond(std::move(response));
  };
}

Response ask(const Routes& routes, verb method, std::string path) {
  auto exchange = std::make_shared<Exchange>();
  exchange->request.method = method;
  exchange->request.target = std::move(path);
  exchange->request.path = exchange->request.target;
  Response answer;
  int answers = 0;
  exchange->respond = [&](Response response) {
    answer = std::move(response);
    ++answers;
  };
  routes.dispatch(exchange);
  CHECK(answers == 1);
  return answer;
}

std::string body_of(const Routes& routes, const std::string& path) {
  const Response response = ask(routes, verb::get, path);
  return response.status == 200 ? response.body : std::to_string(response.status);
}

TEST_CASE("the more literal pattern wins whatever the order of adding") {
  Routes routes;
  routes.add(verb::get, "/{rest*}", marked("rest"));
  routes.add(verb::get, "/functions/{name}", marked("one"));
  routes.add(verb::get, "/functions/{name}/policy", marked("policy"));
  routes.add(verb::get, "/functions/all", marked("all"));
  routes.add(verb::get, "/functions", marked("list"));

  CHECK(body_of(routes, "/functions") == "list");
  CHECK(body_of(routes, "/functions/all") == "all");
  CHECK(body_of(routes, "/functions/a") == "one|a");
  CHECK(body_of(routes, "/functions/a/policy") == "policy|a");
  CHECK(body_of(routes, "/functions/a/b") == "rest|functions/a/b");
  CHECK(body_of(routes, "/") == "rest|");
}

TEST_CASE("a captured piece is not empty, the rest of a path may be") {
  Routes routes;
  routes.add(verb::get, "/http/{name}/{rest*}", marked("http"));
  CHECK(body_of(routes, "/http/f") == "http|f|");
  CHECK(body_of(routes, "/http/f/") == "http|f|");
  CHECK(body_of(routes, "/http/f/a//b/") == "http|f|a//b/");
  CHECK(body_of(routes, "/http//a") == "404");
  CHECK(body_of(routes, "/http/") == "404");
  CHECK(body_of(routes, "http/f") == "404");
  CHECK(body_of(routes, "*") == "404");
  CHECK(body_of(routes, "") == "404");
}

TEST_CASE("captured pieces are decoded after the path was divided") {
  Routes routes;
  routes.add(verb::get, "/{a}/{b}", marked("two"));
  CHECK(body_of(routes, "/x%2Fy/%e2%82%ac+") == "two|x/y|\xe2\x82\xac+");
  for (const char* const bad : {"/x%2/y", "/x%/y", "/x/%zz", "/x/%+1"}) {
    CAPTURE(bad);
    const Response response = ask(routes, verb::get, bad);
    CHECK(response.status == 400);
    CHECK(nlohmann::json::parse(response.body)["code"] == "bad_input");
  }
}

TEST_CASE("a path that is there for other methods only answers which ones") {
  Routes routes;
  routes.add(verb::get, "/functions/{name}", marked("get"));
  routes.add(verb::put, "/functions/{name}", marked("put"));
  routes.add(verb::delete_, "/functions/{name}", marked("delete"));

  const Response refused = ask(routes, verb::post, "/functions/a");
  CHECK(refused.status == 405);
  REQUIRE(refused.headers.size() == 1);
  CHECK(refused.headers[0].first == "Allow");
  CHECK(refused.headers[0].second == "DELETE, GET, HEAD, PUT");
  CHECK(ask(routes, verb::put, "/functions/a").body == "put|a");

  const Response unknown = ask(routes, verb::get, "/elsewhere");
  CHECK(unknown.status == 404);
  CHECK(nlohmann::json::parse(unknown.body)["error"] == "nothing is at /elsewhere");
}

TEST_CASE("GET serves HEAD unless HEAD has a route of its own") {
  Routes routes;
  routes.add(verb::get, "/a", marked("get"));
  routes.add(verb::get, "/b", marked("get"));
  routes.add(verb::head, "/b", marked("head"));
  CHECK(ask(routes, verb::head, "/a").body == "get");
  CHECK(ask(routes, verb::head, "/b").body == "head");
  CHECK(ask(routes, verb::head, "/c").status == 404);
}

TEST_CASE("a less literal pattern serves a method that the more literal one does not") {
  Routes routes;
  routes.add(verb::get, "/a/{name}", marked("get"));
  routes.add(verb::post, "/a/b", marked("post"));
  CHECK(ask(routes, verb::get, "/a/b").body == "get|b");
  CHECK(ask(routes, verb::post, "/a/b").body == "post");
}

TEST_CASE("decoding appends and leaves plus signs alone") {
  std::string text = "a";
  CHECK(percent_decode("%41b+%7E", text));
  CHECK(text == "aAb+~");
}

}  // namespace
