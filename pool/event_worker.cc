#include "pool/event_worker.h"

#include <pthread.h>
#include <sched.h>

#include <algorithm>
#include <boost/asio/post.hpp>
#include <chrono>
#include <csignal>
#include <utility>

#include "base/check.h"
#include "base/clock.h"
#include "store/catalog.h"
#include "store/name.h"

namespace fw::pool {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::seconds kTick{1};

}  // namespace

Result<std::unique_ptr<EventWorker>> EventWorker::start(Shared& shared, unsigned index, int cpu) {
  FW_TRY_ASSIGN(EventSet events, EventSet::create());
  std::unique_ptr<EventWorker> worker(new EventWorker(shared, index, std::move(events)));
  // Signals are for the main thread: the new one inherits the mask.
  sigset_t all;
  sigset_t before;
  sigfillset(&all);
  ::pthread_sigmask(SIG_SETMASK, &all, &before);
  EventWorker* self = worker.get();
  try {
    worker->thread_ = std::thread([self, cpu] { self->run(cpu); });
  } catch (const std::system_error& error) {
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    return fail(Error::from_errno("start a worker's thread", error.code().value()));
  }
  ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return worker;
}

EventWorker::EventWorker(Shared& shared, unsigned index, EventSet events)
    : shared_(shared),
      index_(index),
      events_(std::move(events)),
      event_fd_(loop_),
      deadline_timer_(loop_),
      tick_timer_(loop_),
      zygotes_(shared.restorer, shared.options.zygotes),
      parts_{shared_,
             events_,
             zygotes_,
             index_,
             stats_mutex_,
             stats_,
             [this](std::function<void()> task) { asio::post(loop_, std::move(task)); },
             [this](std::uint64_t deadline_ns) { watch_deadline(deadline_ns); },
             [this](unsigned worker, Pending pending) {
               others_[worker]->invoke_for(index_, std::move(pending));
             }} {}

EventWorker::~EventWorker() { close(); }

void EventWorker::run(int cpu) {
  ::pthread_setname_np(::pthread_self(), ("fw-worker-" + std::to_string(index_)).c_str());
  if (cpu >= 0) {
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(static_cast<std::size_t>(cpu), &set);
    // Not essential: hand-offs only cost more if it fails.
    (void)::pthread_setaffinity_np(::pthread_self(), sizeof set, &set);
  }
  boost::system::error_code error;
  event_fd_.assign(events_.fd(), error);
  FW_CHECK(!error, "an epoll descriptor can be watched");
  await_events();
  await_tick();
  (void)zygotes_.refill();
  const auto work = asio::make_work_guard(loop_);
  loop_.run();
  functions_.clear();
  zygotes_.clear();
  (void)event_fd_.release();  // the set's own
}

// ---- invocations --------------------------------------------------------------------

void EventWorker::invoke(Call call, Done done) {
  invoke(Pending{std::move(call), std::move(done), monotonic_ns(), false}, false);
}

void EventWorker::invoke_for(unsigned worker, Pending pending) {
  EventWorker* asker = others_[worker];
  pending.done = [asker, done = std::move(pending.done)](Result<Served> result) mutable {
    asio::post(asker->loop_, [done = std::move(done), result = std::move(result)]() mutable {
      done(std::move(result));
    });
  };
  asio::post(loop_,
             [this, pending = std::move(pending)]() mutable { invoke(std::move(pending), true); });
}

void EventWorker::invoke(Pending pending, bool forwarded) {
  if (FunctionPool* known = function(pending.call.function)) {
    return known->invoke(std::move(pending), forwarded);
  }
  asio::post(loop_, [this, pending = std::move(pending)] {
    pending.done(fail(store::unknown_function(shared_.options.home, pending.call.function)));
  });
}

// Null when there is no such function: names that strangers make up are not remembered.
FunctionPool* EventWorker::function(const std::string& name) {
  const auto found = functions_.find(name);
  if (found != functions_.end()) return found->second.get();
  if (!store::valid_name(name) ||
      current_number(shared_.options.home.current(name).string()) == 0) {
    return nullptr;
  }
  auto made = std::make_unique<FunctionPool>(name, parts_);
  if (closing_) made->close();
  return functions_.emplace(name, std::move(made)).first->second.get();
}

// ---- what happens to processes ---------------------------------------------------------

void EventWorker::await_events() {
  event_fd_.async_wait(asio::posix::stream_descriptor::wait_read,
                       [this](const boost::system::error_code& error) {
                         if (error) return;
                         events_.dispatch();
                         tell_when_idle();
                         await_events();
                       });
}

// The timer goes off once for many invocations: deadlines lie seconds ahead, and most
// are met.
void EventWorker::watch_deadline(std::uint64_t deadline_ns) {
  if (watched_deadline_ns_ != 0 && watched_deadline_ns_ <= deadline_ns) return;
  watched_deadline_ns_ = deadline_ns;
  arm_deadline();
}

void EventWorker::arm_deadline() {
  const std::uint64_t now = monotonic_ns();
  const std::uint64_t left = watched_deadline_ns_ > now ? watched_deadline_ns_ - now : 0;
  deadline_timer_.expires_after(std::chrono::nanoseconds(left));
  deadline_timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) time_out();
  });
}

void EventWorker::time_out() {
  const std::uint64_t now = monotonic_ns();
  watched_deadline_ns_ = 0;
  for (const auto& [name, function] : functions_) {
    const std::uint64_t next = function->time_out(now);
    if (next != 0) watch_deadline(next);
  }
  tell_when_idle();
}

void EventWorker::await_tick() {
  tick_timer_.expires_after(kTick);
  tick_timer_.async_wait([this](const boost::system::error_code& error) {
    if (error) return;
    tick();
    await_tick();
  });
}

void EventWorker::tick() {
  const std::uint64_t now = monotonic_ns();
  for (auto it = functions_.begin(); it != functions_.end();) {
    it->second->tick(now);
    it = it->second->forgettable(now) ? functions_.erase(it) : std::next(it);
  }
  if (!closing_) (void)zygotes_.refill();
  const std::lock_guard lock(stats_mutex_);
  stats_.zygotes = zygotes_.count();
}

void EventWorker::shed() {
  asio::post(loop_, [this] {
    // Those that were used longest ago first.
    std::vector<FunctionPool*> by_age;
    std::size_t idle = 0;
    for (const auto& [name, function] : functions_) {
      by_age.push_back(function.get());
      idle += function->idle();
    }
    std::sort(by_age.begin(), by_age.end(), [](const FunctionPool* a, const FunctionPool* b) {
      return a->last_used_ns() < b->last_used_ns();
    });
    std::uint64_t clones = 0;
    std::uint64_t templates = 0;
    const std::size_t wanted = (idle + 1) / 2;
    for (FunctionPool* function : by_age) {
      while (clones < wanted && function->shed_clone()) ++clones;
    }
    if (idle == 0) {
      for (FunctionPool* function : by_age) templates += function->shed_template() ? 1U : 0U;
    }
    const std::lock_guard lock(stats_mutex_);
    stats_.shed_clones += clones;
    stats_.shed_templates += templates;
  });
}

// ---- the end ----------------------------------------------------------------------------

void EventWorker::begin_close(std::function<void()> idle) {
  asio::post(loop_, [this, idle = std::move(idle)]() mutable {
    closing_ = true;
    idle_ = std::move(idle);
    for (const auto& [name, function] : functions_) function->close();
    tell_when_idle();
  });
}

void EventWorker::tell_when_idle() {
  if (!idle_) return;
  const bool busy = std::any_of(functions_.begin(), functions_.end(),
                                [](const auto& entry) { return entry.second->running() > 0; });
  if (!busy) std::exchange(idle_, nullptr)();
}

void EventWorker::close() {
  if (!thread_.joinable()) return;
  asio::post(loop_, [this] {
    for (const auto& [name, function] : functions_) function->abort();
    loop_.stop();
  });
  thread_.join();
}

PoolStats EventWorker::stats() const {
  const std::lock_guard lock(stats_mutex_);
  return stats_;
}

}  // namespace fw::pool
