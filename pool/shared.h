// What the workers of a pool know of each other: counts that limits are about. Everything
// else belongs to one worker.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "pool/policy.h"
#include "pool/pool.h"

namespace fw::pool {

// Of one function, over all workers. Any thread.
struct FunctionShared {
  explicit FunctionShared(unsigned workers) : on_worker(workers) {}

  std::atomic<std::uint32_t> alive{0};  // clones
  std::atomic<std::uint32_t> queued{0};
  std::vector<std::atomic<std::uint32_t>> on_worker;  // clones, by worker
};

struct Shared {
  Shared(Options its_options, unsigned workers)
      : options(std::move(its_options)), worker_count(workers), running_on(workers) {}

  const Options options;
  const unsigned worker_count;
  std::filesystem::path restorer;
  std::atomic<std::uint32_t> running{0};               // invocations, queued ones not counted
  std::vector<std::atomic<std::uint32_t>> running_on;  // the same, by worker

  void begin_running(unsigned worker) {
    running.fetch_add(1, std::memory_order_relaxed);
    running_on[worker].fetch_add(1, std::memory_order_relaxed);
  }
  void end_running(unsigned worker) {
    running.fetch_sub(1, std::memory_order_relaxed);
    running_on[worker].fetch_sub(1, std::memory_order_relaxed);
  }
  void begin_clone(FunctionShared& function, unsigned worker) {
    function.alive.fetch_add(1, std::memory_order_relaxed);
    function.on_worker[worker].fetch_add(1, std::memory_order_relaxed);
  }
  void end_clone(FunctionShared& function, unsigned worker) {
    function.alive.fetch_sub(1, std::memory_order_relaxed);
    function.on_worker[worker].fetch_sub(1, std::memory_order_relaxed);
  }

  // Who should take an invocation that came to worker `here`: -1 for here. `must`: here
  // there is no clone, nor may there be one. `worth`: the way to another core pays if
  // that core has nothing to do.
  int better_worker(const FunctionShared& function, unsigned here, bool must, bool worth) const;

  std::shared_ptr<FunctionShared> function(const std::string& name) {
    const std::lock_guard lock(mutex_);
    auto& entry = functions_[name];
    if (!entry) entry = std::make_shared<FunctionShared>(worker_count);
    return entry;
  }

 private:
  std::mutex mutex_;
  std::unordered_map<std::string, std::shared_ptr<FunctionShared>> functions_;
};

}  // namespace fw::pool
