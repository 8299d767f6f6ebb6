// All routes of functions and metrics on a fake pool, with a store in a scratch folder; by
// TCP for strangers and by the Unix socket for those who are trusted.
#pragma once

#include <doctest/doctest.h>

#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "gateway/functions/routes.h"
#include "gateway/http/server.h"
#include "gateway/metrics/route.h"
#include "tests/gateway/fake_pool.h"
#include "tests/gateway/raw_client.h"
#include "tests/store/store_fixture.h"
#include "tests/store/temp_folder.h"

namespace fw::testing {

struct FunctionRoutesFixture {
  FunctionRoutesFixture() {
    gateway::http::ServerOptions options;
    options.addresses = {"127.0.0.1:0"};
    options.unix_socket = socket;
    options.counters = counters;
    auto started = gateway::http::Server::start(pool, routes, options);
    REQUIRE_MESSAGE(started, started.error().message());
    server = std::move(*started);
  }

  RawAnswer ask(std::string_view method, std::string_view path, std::string_view body = {},
                std::string_view headers = {}) const {
    return RawClient(server->addresses().front()).ask(method, path, body, headers);
  }
  RawAnswer ask_trusted(std::string_view method, std::string_view path, std::string_view body = {},
                        std::string_view headers = {}) const {
    return RawClient::to_unix(socket).ask(method, path, body, headers);
  }
  static nlohmann::json json(const RawAnswer& answer) { return nlohmann::json::parse(answer.body); }

  TempFolder folder;
  std::filesystem::path socket = folder / "socket";
  store::Home home = make_home(folder / "home");
  FakePool pool{1, home};
  gateway::logs::InvocationLog log;
  gateway::Routes routes;
  std::shared_ptr<gateway::http::Counters> counters = std::make_shared<gateway::http::Counters>();
  std::unique_ptr<gateway::http::Server> server;
  gateway::functions::FunctionRoutes functions{
      routes, {&pool, &log, "secret", [this] { return server && server->draining(); }}};
  gateway::metrics::MetricsRoute metrics{routes, pool, counters};
};

}  // namespace fw::testing
