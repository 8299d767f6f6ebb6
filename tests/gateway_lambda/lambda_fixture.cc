#include "tests/gateway_lambda/lambda_fixture.h"

#include <doctest/doctest.h>

#include <future>

#include "tests/store/store_fixture.h"

namespace fw::testing {

using boost::beast::http::verb;

void FakeQueue::submit(Event event, Submitted done) {
  if (busy) {
    done(fail(Errc::kBusy, "too many events wait"));
    return;
  }
  events.push_back(event);
  done(gateway::events::Accepted{"event-1", event.request_id, false});
}

std::string Answer::header(std::string_view name) const {
  for (const auto& [known, value] : headers) {
    if (known == name) return value;
  }
  return {};
}

LambdaFixture::LambdaFixture(const gateway::lambda::Options& options, bool with_queue)
    : home_(make_home(folder_ / "home")), pool_(1, home_) {
  gateway::lambda::add_lambda_routes(routes_, {home_, log, with_queue ? &queue : nullptr}, options);
}

void LambdaFixture::install(const std::vector<std::string>& names) {
  for (const std::string& name : names) REQUIRE(install_text(home_, name, "mark"));
}

Answer LambdaFixture::ask(verb method, const std::string& target, std::string body,
                          const Headers& headers, bool trusted) {
  auto exchange = std::make_shared<gateway::Exchange>();
  gateway::Request& request = exchange->request;
  request.method = method;
  request.target = target;
  const std::string_view whole = request.target;
  const std::size_t question = std::min(whole.find('?'), whole.size());
  request.path = whole.substr(0, question);
  request.query = whole.substr(std::min(question + 1, whole.size()));
  request.body = std::move(body);
  request.trusted = trusted;
  for (const auto& [name, value] : headers) request.headers.insert(name, value);
  exchange->worker = pool_.workers().front();
  std::promise<gateway::Response> promise;
  std::future<gateway::Response> answered = promise.get_future();
  exchange->respond = [&promise](gateway::Response response) {
    promise.set_value(std::move(response));
  };
  routes_.dispatch(std::move(exchange));
  REQUIRE(answered.wait_for(std::chrono::seconds(20)) == std::future_status::ready);
  gateway::Response response = answered.get();
  return {response.status, std::move(response.body), std::move(response.headers)};
}

Answer LambdaFixture::invoke(const std::string& name, std::string body, const Headers& headers) {
  const std::size_t question = std::min(name.find('?'), name.size());
  return ask(
      verb::post,
      "/2015-03-31/functions/" + name.substr(0, question) + "/invocations" + name.substr(question),
      std::move(body), headers);
}

Answer LambdaFixture::get(const std::string& rest, bool trusted) {
  return ask(verb::get, "/2015-03-31/functions" + rest, {}, {}, trusted);
}

}  // namespace fw::testing
