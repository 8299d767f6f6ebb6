// Background: one thread for V8's background tasks, started when the first is
// posted and not before: a host whose code needs none is captured with a single
// thread. All functions may be called by any thread.
#pragma once

#include <v8-platform.h>

#include <chrono>
#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <thread>

namespace fw::v8host {

class Background {
 public:
  Background() = default;
  ~Background();  // drops what was not begun, waits for what was

  void post(std::unique_ptr<v8::Task> task);
  void post_delayed(std::unique_ptr<v8::Task> task, double delay_in_seconds);

  // Returns when no task is queued or running. Delayed tasks that are not due
  // do not count. Returns whether there was anything to wait for.
  bool wait_until_idle();

 private:
  using Clock = std::chrono::steady_clock;

  void start_if_needed();
  void work();
  // The next task to run, or null at the end. Waits.
  std::unique_ptr<v8::Task> next(std::unique_lock<std::mutex>& lock);

  std::mutex mutex_;
  std::condition_variable posted_;
  std::condition_variable idle_;
  std::deque<std::unique_ptr<v8::Task>> tasks_;
  std::multimap<Clock::time_point, std::unique_ptr<v8::Task>> delayed_;
  bool running_ = false;  // a task
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace fw::v8host
