#include "pool/pool.h"

#include <sched.h>
#include <sys/resource.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <utility>

#include "base/clock.h"
#include "pool/event_worker.h"
#include "pool/memory_guard.h"
#include "pool/shared.h"
#include "store/executables.h"

namespace fw::pool {

namespace {

// The CPUs that this process may use.
std::vector<int> allowed_cpus() {
  cpu_set_t set;
  CPU_ZERO(&set);
  std::vector<int> cpus;
  if (::sched_getaffinity(0, sizeof set, &set) == 0) {
    for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
      if (CPU_ISSET(static_cast<std::size_t>(cpu), &set)) cpus.push_back(cpu);
    }
  }
  if (cpus.empty()) cpus.push_back(-1);
  return cpus;
}

// A clone takes five descriptors: as many as we may.
void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  (void)::setrlimit(RLIMIT_NOFILE, &limit);
}

class LocalPool final : public Pool {
 public:
  LocalPool(Options options, unsigned workers) : shared_(std::move(options), workers) {}
  ~LocalPool() override { close(0); }

  Status start(const std::vector<int>& cpus) {
    shared_.restorer = shared_.options.restorer;
    if (shared_.restorer.empty()) {
      FW_TRY_ASSIGN(shared_.restorer, store::find_executable(store::kRestorer));
    }
    raise_descriptor_limit();
    for (unsigned i = 0; i < shared_.worker_count; ++i) {
      FW_TRY_ASSIGN(std::unique_ptr<EventWorker> worker,
                    EventWorker::start(shared_, i, cpus[i % cpus.size()]));
      workers_.push_back(std::move(worker));
    }
    std::vector<EventWorker*> all;
    for (const auto& worker : workers_) {
      all.push_back(worker.get());
      faces_.push_back(worker.get());
    }
    for (const auto& worker : workers_) worker->set_others(all);
    return guard_memory();
  }

  const store::Home& home() const override { return shared_.options.home; }
  const std::vector<Worker*>& workers() override { return faces_; }

  PoolStats stats() override {
    PoolStats sum;
    for (const auto& worker : workers_) add(sum, worker->stats());
    if (guard_) sum.memory_available = guard_->available();
    return sum;
  }

  void close(std::uint64_t patience_ms) override {
    if (closed_) return;
    closed_ = true;
    await_idle(patience_ms);
    for (const auto& worker : workers_) worker->close();
    guard_.reset();  // its loop stands still now
  }

 private:
  Status guard_memory() {
    Result<MemoryWatch> watch = MemoryWatch::open();
    if (!watch) return fail(std::move(watch).error());
    EventWorker& first = *workers_.front();
    guard_ = std::make_unique<MemoryGuard>(first.loop(), std::move(*watch),
                                           shared_.options.low_memory_bytes, [this] {
                                             for (const auto& worker : workers_) worker->shed();
                                           });
    boost::asio::post(first.loop(), [guard = guard_.get()] { guard->begin(); });
    return {};
  }

  void await_idle(std::uint64_t patience_ms) {
    // Shared with the workers: one may still tell when we have lost patience.
    struct Idle {
      std::mutex mutex;
      std::condition_variable changed;
      std::size_t count = 0;
    };
    const auto idle = std::make_shared<Idle>();
    for (const auto& worker : workers_) {
      worker->begin_close([idle] {
        const std::lock_guard lock(idle->mutex);
        ++idle->count;
        idle->changed.notify_one();
      });
    }
    std::unique_lock lock(idle->mutex);
    idle->changed.wait_for(lock, std::chrono::milliseconds(patience_ms),
                           [&] { return idle->count == workers_.size(); });
  }

  Shared shared_;
  std::vector<std::unique_ptr<EventWorker>> workers_;
  std::vector<Worker*> faces_;
  std::unique_ptr<MemoryGuard> guard_;
  bool closed_ = false;
};

}  // namespace

Result<std::unique_ptr<Pool>> Pool::start(Options options) {
  const std::vector<int> cpus = allowed_cpus();
  const unsigned workers =
      options.workers != 0 ? options.workers : static_cast<unsigned>(cpus.size());
  auto pool = std::make_unique<LocalPool>(std::move(options), workers);
  FW_TRY(pool->start(cpus));
  return std::unique_ptr<Pool>(std::move(pool));
}

}  // namespace fw::pool
