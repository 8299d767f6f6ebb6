// Desk: a thread for what waits on the disk, so that no worker does.
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

#include "gateway/exchange.h"

namespace fw::gateway {

class Desk {
 public:
  Desk();
  // Does what is queued, then ends.
  ~Desk();
  Desk(const Desk&) = delete;
  Desk& operator=(const Desk&) = delete;

  // Answers the exchange with what `work` returns; 429 when too many wait already. Any
  // thread.
  void answer(std::shared_ptr<Exchange> exchange, std::function<Response(const Exchange&)> work);

 private:
  void run();

  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> queue_;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace fw::gateway
