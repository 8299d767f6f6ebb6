// The way of a request to a function and back.
#include "gateway/http_functions/route.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/beast/http/verb.hpp>
#include <nlohmann/json.hpp>
#include <optional>

using boost::beast::http::verb;
using fw::Errc;
using fw::Error;
using fw::Result;
using fw::gateway::Exchange;
using fw::gateway::Response;
using fw::gateway::Routes;
using fw::gateway::http_functions::add_http_function_routes;
using fw::gateway::logs::InvocationLog;
using fw::pool::Served;
using fw::store::Ending;
using nlohmann::json;

namespace {

// Remembers the call that it was asked for, and gives what it is told to.
class PlannedWorker : public fw::pool::Worker {
 public:
  void invoke(fw::pool::Call call, fw::pool::Done done) override {
    asked = call;
    boost::asio::post(loop_, [this, id = call.request_id, done = std::move(done)] {
      Result<Served> given = std::move(*answer);
      if (given) given->invoked.request_id = id;
      done(std::move(given));
    });
  }
  boost::asio::io_context& loop() override { return loop_; }
  unsigned index() const override { return 0; }

  std::optional<Result<Served>> answer;
  fw::pool::Call asked;

 private:
  boost::asio::io_context loop_;
};

Served served(Ending ending, std::string body) {
  Served made;
  made.invoked.ending = ending;
  made.invoked.body = std::move(body);
  return made;
}

class Front {
 public:
  Front() { add_http_function_routes(routes_, log); }

  Response request(verb method, std::string target, Result<Served> answer, std::string body = "") {
    worker.answer.emplace(std::move(answer));
    auto exchange = std::make_shared<Exchange>();
    exchange->request.method = method;
    exchange->request.target = std::move(target);
    const std::string_view all = exchange->request.target;
    exchange->request.path = all.substr(0, all.find('?'));
    exchange->request.headers.insert("traceparent", kTrace);
    exchange->request.body = std::move(body);
    exchange->worker = &worker;
    std::optional<Response> response;
    exchange->respond = [&](Response made) {
      REQUIRE_FALSE(response.has_value());
      response = std::move(made);
    };
    routes_.dispatch(std::move(exchange));
    worker.loop().restart();
    worker.loop().run();
    REQUIRE(response.has_value());
    return std::move(*response);
  }

  static constexpr const char* kTrace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  PlannedWorker worker;
  InvocationLog log;

 private:
  Routes routes_;
};

const char* const kFine = R"({"statusCode": 202, "body": "fine"})";

}  // namespace

TEST_CASE("Every method of a path below a function's name comes to it") {
  Front front;
  for (const verb method :
       {verb::get, verb::head, verb::post, verb::put, verb::patch, verb::delete_, verb::options}) {
    const Response response =
        front.request(method, "/http/shop/items/7", served(Ending::kResult, kFine), "text");
    CHECK(response.status == 202);
    CHECK(response.body == "fine");
    const json event = json::parse(front.worker.asked.arguments);
    CHECK(event.at("requestContext").at("http").at("method") ==
          std::string(boost::beast::http::to_string(method)));
    CHECK(event.at("rawPath") == "/items/7");
    CHECK(event.at("body") == "text");
    CHECK(front.worker.asked.function == "shop");
  }
  CHECK(front.request(verb::get, "/http/shop", served(Ending::kResult, kFine)).status == 202);
  CHECK(json::parse(front.worker.asked.arguments).at("rawPath") == "/");
}

TEST_CASE("An invocation by HTTP has an id, which is told, and its caller's trace") {
  Front front;
  const Response response = front.request(verb::get, "/http/f", served(Ending::kResult, kFine));
  const std::string id = front.worker.asked.request_id;
  CHECK(id.size() == 36);
  const auto named = std::find_if(response.headers.begin(), response.headers.end(),
                                  [](const auto& one) { return one.first == "x-amzn-RequestId"; });
  REQUIRE(named != response.headers.end());
  CHECK(named->second == id);
  CHECK(json::parse(front.worker.asked.arguments).at("requestContext").at("requestId") == id);
  CHECK(json::parse(front.worker.asked.call_context).at("traceparent") == Front::kTrace);
  CHECK(front.log.find(id).has_value());
}

TEST_CASE("A failure tells strangers no more than that there was one") {
  Front front;
  const std::string error = R"({"errorType": "TypeError", "errorMessage": "secret", "trace": []})";
  const Response failed = front.request(verb::get, "/http/f", served(Ending::kError, error));
  CHECK(failed.status == 500);
  CHECK(json::parse(failed.body) == json{{"message", "Internal Server Error"}});
  CHECK(failed.content_type == "application/json");
  const auto record = front.log.find(front.worker.asked.request_id);
  REQUIRE(record.has_value());
  CHECK(record->error.find("secret") != std::string::npos);

  const Response late = front.request(verb::get, "/http/f", served(Ending::kTimedOut, error));
  CHECK(late.status == 504);
  CHECK(json::parse(late.body) == json{{"message", "Gateway Timeout"}});
}

TEST_CASE("A result that is no response is a bad gateway, and the log says why") {
  Front front;
  const Response response =
      front.request(verb::get, "/http/f", served(Ending::kResult, R"({"statusCode": 42})"));
  CHECK(response.status == 502);
  CHECK(json::parse(response.body) == json{{"message", "Bad Gateway"}});
  const auto record = front.log.find(front.worker.asked.request_id);
  REQUIRE(record.has_value());
  REQUIRE(record->output.size() == 1);
  CHECK(record->output[0].text.find("from 200 to 599, not 42") != std::string::npos);
}

TEST_CASE("What is no matter of the function's is answered as elsewhere") {
  Front front;
  CHECK(front.request(verb::get, "/http/f", fw::fail(Errc::kNotFound, "no function f")).status ==
        404);
  CHECK(front.request(verb::get, "/http/f", fw::fail(Errc::kBusy, "busy")).status == 429);
}
