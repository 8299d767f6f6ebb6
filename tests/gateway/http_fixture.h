// A server on a fake pool, with routes that tests of the server need.
#pragma once

#include <doctest/doctest.h>

#include <atomic>
#include <memory>
#include <string>

#include "gateway/http/server.h"
#include "tests/gateway/fake_pool.h"
#include "tests/gateway/raw_client.h"
#include "tests/store/temp_folder.h"

namespace fw::testing {

//   GET  /hello         "hello"
//   POST /echo          the body, with Content-Type
//   GET  /large         20 MB
//   GET  /held          by the fake pool's `held`: answered at release()
//   GET  /elsewhere     answered from another thread
//   GET  /forgotten     never answered; /throws throws; /twice answers twice
//   GET  /strange       hostile headers; /nonsense a status of 99; /nothing 204
//   GET  /who           peer, and whether it is trusted
gateway::Routes test_routes();

// Limits with times so short that a test need not wait, except for the one it is about.
gateway::http::Limits patient_limits();

class HttpFixture {
 public:
  explicit HttpFixture(gateway::http::ServerOptions options = {}, unsigned workers = 2);

  RawClient client() const { return RawClient(server->addresses().front()); }
  // Waits until so many connections are open.
  void await_open(std::uint64_t connections) const;

  FakePool pool;
  gateway::Routes routes;
  std::unique_ptr<gateway::http::Server> server;
};

}  // namespace fw::testing
