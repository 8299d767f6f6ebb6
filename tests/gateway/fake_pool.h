// A pool without processes: real loops in real threads, which answer by the function's
// name. For tests of what lies in front of a pool.
//
//   echo      the arguments
//   context   the call as it came: {arguments, request_id, call_context}
//   error, timeout, busy, closing
//   held      nothing, until release()
//   others    kNotFound
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "pool/pool.h"

namespace fw::testing {

class FakePool final : public pool::Pool {
 public:
  explicit FakePool(unsigned workers, store::Home home = store::Home("/nonexistent"));
  ~FakePool() override;

  const store::Home& home() const override { return home_; }
  const std::vector<pool::Worker*>& workers() override { return workers_; }
  pool::PoolStats stats() override;
  void close(std::uint64_t patience_ms) override;

  void set_stats(pool::PoolStats stats);

  // Waits until so many calls of `held` are under way.
  void await_held(std::size_t count);
  std::size_t most_held_by_one_worker();
  // Answers them all.
  void release();

 private:
  class FakeWorker;
  void hold(FakeWorker& worker, pool::Call call, pool::Done done);

  struct Held {
    FakeWorker* worker;
    pool::Call call;
    pool::Done done;
  };

  const store::Home home_;
  std::vector<std::unique_ptr<FakeWorker>> owned_;
  std::vector<pool::Worker*> workers_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Held> held_;
  pool::PoolStats stats_;
};

}  // namespace fw::testing
