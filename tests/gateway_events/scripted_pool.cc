#include "tests/gateway_events/scripted_pool.h"

#include <boost/asio/post.hpp>
#include <chrono>
#include <stdexcept>

namespace fw::testing {

pool::Served answer(store::Ending ending, std::string body) {
  pool::Served served;
  served.invoked.ending = ending;
  served.invoked.body = std::move(body);
  served.version = 1;
  return served;
}

class ScriptedPool::ScriptedWorker final : public pool::Worker {
 public:
  ScriptedWorker(ScriptedPool& pool, unsigned index)
      : pool_(pool), index_(index), thread_([this] { loop_.run(); }) {}
  ~ScriptedWorker() override { stop(); }

  void invoke(pool::Call call, pool::Done done) override {
    pool_.invoked(*this, std::move(call), std::move(done));
  }
  boost::asio::io_context& loop() override { return loop_; }
  unsigned index() const override { return index_; }

  void stop() {
    if (!thread_.joinable()) return;
    loop_.stop();
    thread_.join();
  }

 private:
  ScriptedPool& pool_;
  const unsigned index_;
  boost::asio::io_context loop_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{
      loop_.get_executor()};
  std::thread thread_;
};

ScriptedPool::ScriptedPool(Script script, unsigned workers) : script_(std::move(script)) {
  for (unsigned i = 0; i < workers; ++i) {
    owned_.push_back(std::make_unique<ScriptedWorker>(*this, i));
    workers_.push_back(owned_.back().get());
  }
}

ScriptedPool::~ScriptedPool() { ScriptedPool::close(0); }

void ScriptedPool::close(std::uint64_t) {
  for (const auto& worker : owned_) worker->stop();
}

void ScriptedPool::invoked(ScriptedWorker& worker, pool::Call call, pool::Done done) {
  const std::lock_guard lock(mutex_);
  std::optional<Result<pool::Served>> served = script_(call);
  calls_.emplace_back(worker.index(), std::move(call));
  changed_.notify_all();
  if (!served) {
    held_.emplace_back(&worker, std::move(done));
    return;
  }
  boost::asio::post(worker.loop(),
                    [its = std::move(*served), then = std::move(done)] { then(its); });
}

std::vector<pool::Call> ScriptedPool::calls() { return await_calls(0); }

std::vector<pool::Call> ScriptedPool::await_calls(std::size_t count) {
  std::unique_lock lock(mutex_);
  if (!changed_.wait_for(lock, std::chrono::seconds(30), [&] { return calls_.size() >= count; })) {
    throw std::runtime_error("only " + std::to_string(calls_.size()) + " of " +
                             std::to_string(count) + " calls came");
  }
  std::vector<pool::Call> calls;
  for (const auto& [worker, call] : calls_) calls.push_back(call);
  return calls;
}

std::size_t ScriptedPool::calls_of_worker(std::size_t index) {
  const std::lock_guard lock(mutex_);
  std::size_t count = 0;
  for (const auto& [worker, call] : calls_) count += worker == index ? 1 : 0;
  return count;
}

std::size_t ScriptedPool::held() {
  const std::lock_guard lock(mutex_);
  return held_.size();
}

void ScriptedPool::release(const Result<pool::Served>& served) {
  std::vector<std::pair<ScriptedWorker*, pool::Done>> held;
  {
    const std::lock_guard lock(mutex_);
    held.swap(held_);
  }
  for (auto& [worker, done] : held) {
    boost::asio::post(worker->loop(), [served, then = std::move(done)] { then(served); });
  }
}

}  // namespace fw::testing
