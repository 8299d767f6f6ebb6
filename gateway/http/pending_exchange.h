// The exchange of a session's request: answers 500 when a route forgets to answer.
#pragma once

#include <memory>

#include "gateway/exchange.h"
#include "gateway/http/budget.h"
#include "gateway/http/session.h"

namespace fw::gateway::http {

class PendingExchange final : public Exchange {
 public:
  PendingExchange(std::shared_ptr<Session> session, std::uint64_t serial)
      : session_(std::move(session)), serial_(serial), charge_(session_->server().budget) {
    respond = [its = session_, serial](Response response) {
      its->respond(serial, std::move(response));
    };
  }
  ~PendingExchange() {
    // A route may have moved `respond` away, to answer later.
    if (!handed_over_ || !respond || session_->answered(serial_)) return;
    session_->respond(serial_, error_response(500, "internal", "the request was not answered"));
  }
  PendingExchange(const PendingExchange&) = delete;
  PendingExchange& operator=(const PendingExchange&) = delete;

  Charge& charge() { return charge_; }
  void hand_over() { handed_over_ = true; }

 private:
  const std::shared_ptr<Session> session_;
  const std::uint64_t serial_;
  Charge charge_;  // what the session holds outlives it
  bool handed_over_ = false;
};

}  // namespace fw::gateway::http
