// EventWorker: a thread pinned to one core that runs an event loop, and in it the
// functions' pools of that core. Its processes inherit the core.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "pool/function_pool.h"
#include "pool/worker.h"
#include "pool/worker_parts.h"
#include "pool/zygotes.h"

namespace fw::pool {

class EventWorker final : public Worker {
 public:
  // `cpu`: to be pinned to; -1: to none.
  static Result<std::unique_ptr<EventWorker>> start(Shared& shared, unsigned index, int cpu);
  // After close().
  ~EventWorker() override;

  void invoke(Call call, Done done) override;
  boost::asio::io_context& loop() override { return loop_; }
  unsigned index() const override { return index_; }

  // Any thread from here on.

  // How invocations are handed to another worker: set for all before the first comes.
  void set_others(std::vector<EventWorker*> others) { others_ = std::move(others); }
  void invoke_for(unsigned worker, Pending pending);

  // Takes no more invocations; `idle` is called in the loop when none is under way.
  void begin_close(std::function<void()> idle);
  // Ends its processes and its thread.
  void close();

  // Gives up half of the idle clones, or when there are none, templates of functions that
  // are not running.
  void shed();

  PoolStats stats() const;

 private:
  EventWorker(Shared& shared, unsigned index, EventSet events);

  void run(int cpu);
  void invoke(Pending pending, bool forwarded);
  FunctionPool* function(const std::string& name);
  void await_events();
  void await_tick();
  void tick();
  void watch_deadline(std::uint64_t deadline_ns);
  void arm_deadline();
  void time_out();
  void tell_when_idle();

  Shared& shared_;
  const unsigned index_;
  EventSet events_;
  // One thread runs it; others only post.
  boost::asio::io_context loop_{BOOST_ASIO_CONCURRENCY_HINT_UNSAFE_IO};
  boost::asio::posix::stream_descriptor event_fd_;
  boost::asio::steady_timer deadline_timer_;
  boost::asio::steady_timer tick_timer_;
  std::uint64_t watched_deadline_ns_ = 0;  // when the timer goes off; 0: it does not
  Zygotes zygotes_;
  mutable std::mutex stats_mutex_;
  PoolStats stats_;
  WorkerParts parts_;
  std::vector<EventWorker*> others_;
  std::map<std::string, std::unique_ptr<FunctionPool>, std::less<>> functions_;
  std::function<void()> idle_;
  bool closing_ = false;
  std::thread thread_;
};

}  // namespace fw::pool
