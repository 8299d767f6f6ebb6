#include "tests/gateway/fake_pool.h"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <chrono>
#include <map>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <thread>

#include "base/clock.h"

namespace fw::testing {

namespace {

store::Invoked invoked_as(store::Ending ending, std::string body, const pool::Call& call) {
  store::Invoked invoked;
  invoked.ending = ending;
  invoked.body = std::move(body);
  invoked.tier = "hot";
  invoked.request_id = call.request_id;
  const std::uint64_t now = monotonic_ns();
  args::at(invoked.timeline, args::Instant::kRequested) = now - 300'000;
  args::at(invoked.timeline, args::Instant::kHandler) = now - 200'000;
  args::at(invoked.timeline, args::Instant::kHandled) = now - 50'000;
  invoked.received_ns = now;
  return invoked;
}

pool::Served served(store::Invoked invoked) {
  pool::Served answer;
  answer.invoked = std::move(invoked);
  answer.version = 7;
  return answer;
}

Result<pool::Served> answer_to(const pool::Call& call) {
  if (call.function == "echo" || call.function == "held") {
    return served(invoked_as(store::Ending::kResult, call.arguments, call));
  }
  if (call.function == "context") {
    const nlohmann::json seen{{"arguments", call.arguments},
                              {"request_id", call.request_id},
                              {"call_context", call.call_context}};
    return served(invoked_as(store::Ending::kResult, seen.dump(), call));
  }
  if (call.function == "error") {
    return served(invoked_as(store::Ending::kError, R"({"errorType":"Error"})", call));
  }
  if (call.function == "timeout") {
    return served(invoked_as(store::Ending::kTimedOut, R"({"errorType":"Timeout"})", call));
  }
  if (call.function == "busy") return fail(Errc::kBusy, "all clones are at work");
  if (call.function == "closing") return fail(Errc::kClosing, "the daemon is ending");
  return fail(Errc::kNotFound, "there is no function '" + call.function + "'");
}

}  // namespace

class FakePool::FakeWorker final : public pool::Worker {
 public:
  FakeWorker(FakePool& pool, unsigned index)
      : pool_(pool), index_(index), thread_([this] { loop_.run(); }) {}
  ~FakeWorker() override { stop(); }

  void invoke(pool::Call call, pool::Done done) override {
    if (call.function == "held") {
      pool_.hold(*this, std::move(call), std::move(done));
      return;
    }
    answer(std::move(call), std::move(done));
  }
  void answer(pool::Call call, pool::Done done) {
    boost::asio::post(loop_,
                      [its = std::move(call), then = std::move(done)] { then(answer_to(its)); });
  }
  boost::asio::io_context& loop() override { return loop_; }
  unsigned index() const override { return index_; }

  void stop() {
    if (!thread_.joinable()) return;
    work_.reset();
    loop_.stop();
    thread_.join();
  }

 private:
  FakePool& pool_;
  const unsigned index_;
  boost::asio::io_context loop_{1};
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{
      loop_.get_executor()};
  std::thread thread_;
};

FakePool::FakePool(unsigned workers, store::Home home) : home_(std::move(home)) {
  for (unsigned i = 0; i < workers; ++i) {
    owned_.push_back(std::make_unique<FakeWorker>(*this, i));
    workers_.push_back(owned_.back().get());
  }
}

FakePool::~FakePool() { FakePool::close(0); }

void FakePool::close(std::uint64_t) {
  for (const auto& worker : owned_) worker->stop();
}

pool::PoolStats FakePool::stats() {
  const std::lock_guard lock(mutex_);
  return stats_;
}

void FakePool::set_stats(pool::PoolStats stats) {
  const std::lock_guard lock(mutex_);
  stats_ = std::move(stats);
}

void FakePool::hold(FakeWorker& worker, pool::Call call, pool::Done done) {
  const std::lock_guard lock(mutex_);
  held_.push_back({&worker, std::move(call), std::move(done)});
  changed_.notify_all();
}

void FakePool::await_held(std::size_t count) {
  std::unique_lock lock(mutex_);
  if (!changed_.wait_for(lock, std::chrono::seconds(20), [&] { return held_.size() >= count; })) {
    throw std::runtime_error("the calls did not come");
  }
}

std::size_t FakePool::most_held_by_one_worker() {
  const std::lock_guard lock(mutex_);
  std::map<FakeWorker*, std::size_t> counts;
  std::size_t most = 0;
  for (const Held& held : held_) most = std::max(most, ++counts[held.worker]);
  return most;
}

void FakePool::release() {
  std::vector<Held> held;
  {
    const std::lock_guard lock(mutex_);
    held.swap(held_);
  }
  for (Held& one : held) one.worker->answer(std::move(one.call), std::move(one.done));
}

}  // namespace fw::testing
