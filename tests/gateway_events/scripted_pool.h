// A pool without processes: real loops in real threads, which answer as a test says.
#pragma once

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "pool/pool.h"

namespace fw::testing {

pool::Served answer(store::Ending ending, std::string body);
inline pool::Served result(std::string body = "null") {
  return answer(store::Ending::kResult, std::move(body));
}
inline pool::Served error(std::string body) {
  return answer(store::Ending::kError, std::move(body));
}

class ScriptedPool final : public pool::Pool {
 public:
  // Called on a worker's thread, one call at a time; nullopt: no answer until release().
  using Script = std::function<std::optional<Result<pool::Served>>(const pool::Call&)>;

  explicit ScriptedPool(Script script, unsigned workers = 2);
  ~ScriptedPool() override;

  const store::Home& home() const override { return home_; }
  const std::vector<pool::Worker*>& workers() override { return workers_; }
  pool::PoolStats stats() override { return {}; }
  void close(std::uint64_t) override;

  // All calls so far, in order. await: until there are so many.
  std::vector<pool::Call> calls();
  std::vector<pool::Call> await_calls(std::size_t count);
  std::size_t calls_of_worker(std::size_t index);
  std::size_t held();
  // Answers what is held now.
  void release(const Result<pool::Served>& served);

 private:
  class ScriptedWorker;
  void invoked(ScriptedWorker& worker, pool::Call call, pool::Done done);

  const store::Home home_{"/nonexistent"};
  const Script script_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::pair<std::size_t, pool::Call>> calls_;  // with the worker's index
  std::vector<std::pair<ScriptedWorker*, pool::Done>> held_;
  std::vector<std::unique_ptr<ScriptedWorker>> owned_;
  std::vector<pool::Worker*> workers_;
};

}  // namespace fw::testing
