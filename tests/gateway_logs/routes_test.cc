#include "gateway/logs/routes.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/gateway_logs/served.h"

namespace {

using namespace fw;
using namespace fw::gateway;
using nlohmann::json;

struct Ask {
  std::string path;
  std::string accept = {};
  bool trusted = true;
};

class Fixture {
 public:
  Fixture() {
    logs::add_log_routes(routes_, log, [](const Request& request) { return request.trusted; });
  }

  Response ask(const Ask& wanted) const {
    auto exchange = std::make_shared<Exchange>();
    Request& request = exchange->request;
    request.method = boost::beast::http::verb::get;
    request.target = wanted.path;
    const std::string_view target = request.target;
    const std::size_t question = std::min(target.find('?'), target.size());
    request.path = target.substr(0, question);
    request.query = target.substr(std::min(question + 1, target.size()));
    if (!wanted.accept.empty()) request.headers.set("Accept", wanted.accept);
    request.trusted = wanted.trusted;
    Response answer;
    exchange->respond = [&answer](Response response) { answer = std::move(response); };
    routes_.dispatch(exchange);
    return answer;
  }

  logs::InvocationLog log;

 private:
  Routes routes_;
};

TEST_CASE("a log is given as text, or as JSON to those who ask for it") {
  Fixture fixture;
  pool::Served served = testing::served("a b", store::Ending::kError);
  testing::print(served, "out\n");
  testing::print(served, "err\n", args::Stream::kStderr);
  fixture.log.note("greet", served, "00-trace");

  const Response text = fixture.ask({"/logs/a%20b"});
  CHECK(text.status == 200);
  CHECK(text.content_type == "text/plain; charset=utf-8");
  CHECK(text.body.starts_with("START RequestId: a b Version: 3\nout\nerr\n"));

  for (const Ask& ask :
       {Ask{"/logs/a%20b?format=json"}, Ask{"/logs/a%20b", "text/html, application/json;q=0.9"}}) {
    CAPTURE(ask.path);
    const Response answer = fixture.ask(ask);
    CHECK(answer.status == 200);
    CHECK(answer.content_type == "application/json");
    const json body = json::parse(answer.body);
    CHECK(body["request_id"] == "a b");
    CHECK(body["function"] == "greet");
    CHECK(body["ending"] == "error");
    CHECK(json::parse(body["error"].get<std::string>())["errorMessage"] == "no");
    CHECK(body["output"] == json::parse(R"([{"stream":"stdout","text":"out\n"},
                                            {"stream":"stderr","text":"err\n"}])"));
  }
}

TEST_CASE("logs are not for everybody") {
  Fixture fixture;
  fixture.log.note("greet", testing::served("a"), "");
  const Response answer = fixture.ask({"/logs/a", {}, false});
  CHECK(answer.status == 403);
  CHECK(json::parse(answer.body)["code"] == "forbidden");
  // Nor is it told which there are.
  CHECK(fixture.ask({"/logs/b", {}, false}).status == 403);
}

TEST_CASE("the log of an unknown invocation is not found") {
  const Fixture fixture;
  const Response answer = fixture.ask({"/logs/nobody"});
  CHECK(answer.status == 404);
  CHECK(json::parse(answer.body)["error"].get<std::string>().find("'nobody'") != std::string::npos);
}

}  // namespace
