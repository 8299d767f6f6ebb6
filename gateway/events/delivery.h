// Hands claimed events to the pool and its answers to the inbox.
#pragma once

#include <memory>
#include <vector>

#include "gateway/events/inbox.h"
#include "gateway/events/table.h"
#include "gateway/logs/observer.h"
#include "pool/pool.h"

namespace fw::gateway::events {

class Delivery {
 public:
  // The pool must outlive what is under way.
  // So must the log, if there is one.
  Delivery(pool::Pool& pool, std::shared_ptr<Inbox> inbox, logs::InvocationLog* log)
      : pool_(pool), inbox_(std::move(inbox)), log_(log) {}

  // Each is invoked once, the workers taking turns; one Outcome for each will come to the
  // inbox, unless a worker's loop ends before.
  void start(std::vector<Claim> claims);

 private:
  pool::Pool& pool_;
  std::shared_ptr<Inbox> inbox_;
  logs::InvocationLog* log_;
  std::size_t next_worker_ = 0;
};

// What an answer of the pool means for an event. The attempt's times are not set.
Outcome outcome_of(const Result<pool::Served>& served);

}  // namespace fw::gateway::events
