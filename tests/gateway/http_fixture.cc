#include "tests/gateway/http_fixture.h"

#include <sched.h>

#include <thread>

#include "base/clock.h"

namespace fw::testing {

using namespace gateway;
using boost::beast::http::verb;
using Shared = std::shared_ptr<Exchange>;

namespace {

Response text(std::string body) {
  Response response;
  response.content_type = "text/plain";
  response.body = std::move(body);
  return response;
}

}  // namespace

Routes test_routes() {
  Routes routes;
  routes.add(verb::get, "/hello", [](const Shared& exchange) { exchange->respond(text("hello")); });
  routes.add(verb::post, "/echo", [](const Shared& exchange) {
    exchange->respond(text(std::move(exchange->request.body)));
  });
  routes.add(verb::get, "/large", [](const Shared& exchange) {
    exchange->respond(text(std::string(std::size_t{20} << 20, 'x')));
  });
  routes.add(verb::get, "/held", [](const Shared& exchange) {
    pool::Call call;
    call.function = "held";
    call.arguments = exchange->request.query;
    exchange->worker->invoke(std::move(call), [exchange](Result<pool::Served> served) {
      exchange->respond(text(std::move(served->invoked.body)));
    });
  });
  routes.add(verb::get, "/elsewhere", [](const Shared& exchange) {
    std::thread([exchange] { exchange->respond(text("elsewhere")); }).detach();
  });
  routes.add(verb::get, "/forgotten", [](const Shared&) {});
  routes.add(verb::get, "/throws", [](const Shared&) { throw std::runtime_error("thrown"); });
  routes.add(verb::get, "/twice", [](const Shared& exchange) {
    exchange->respond(text("first"));
    exchange->respond(text("second"));
  });
  routes.add(verb::get, "/strange", [](const Shared& exchange) {
    Response response = text("strange");
    response.headers = {{"X-Split", "a\r\nInjected: b"},
                        {"bad name", "x"},
                        {"Content-Length", "999"},
                        {"connection", "upgrade"},
                        {"Transfer-Encoding", "chunked"}};
    exchange->respond(std::move(response));
  });
  routes.add(verb::get, "/nonsense", [](const Shared& exchange) {
    Response response;
    response.status = 99;
    exchange->respond(std::move(response));
  });
  routes.add(verb::get, "/nothing", [](const Shared& exchange) {
    Response response;
    response.status = 204;
    exchange->respond(std::move(response));
  });
  routes.add(verb::get, "/who", [](const Shared& exchange) {
    exchange->respond(text(exchange->request.peer + (exchange->request.trusted ? " trusted" : "")));
  });
  return routes;
}

http::Limits patient_limits() {
  http::Limits limits;
  limits.sweep_ms = 20;
  limits.linger_ms = 200;
  return limits;
}

HttpFixture::HttpFixture(http::ServerOptions options, unsigned workers)
    : pool(workers), routes(test_routes()) {
  if (options.addresses.empty() && options.unix_socket.empty()) {
    options.addresses = {"127.0.0.1:0"};
  }
  auto started = http::Server::start(pool, routes, std::move(options));
  REQUIRE_MESSAGE(started, started.error().message());
  server = std::move(*started);
}

void HttpFixture::await_open(std::uint64_t connections) const {
  const std::uint64_t patience = monotonic_ns() + 20 * kNsPerSecond;
  while (server->counters().open.load() != connections) {
    REQUIRE_MESSAGE(monotonic_ns() < patience, "open: " << server->counters().open.load());
    ::sched_yield();
  }
}

}  // namespace fw::testing
