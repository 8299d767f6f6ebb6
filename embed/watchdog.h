// Watchdog: ends an install whose user code keeps the main thread busy beyond a
// limit, with an error that shows where it is stuck. Timers of the runtime's cannot:
// they need the thread.
//
// Its thread exists from watch() to rest() only, so none is captured, and lives on
// a stack that is unmapped afterwards.
#pragma once

#include <pthread.h>

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "base/mapping.h"
#include "base/result.h"
#include "embed/host.h"

namespace fw::embed {

class Watchdog {
 public:
  // `interrupt` is called by the watchdog's thread: it has the runtime call
  // report_stack() on the main thread as soon as user code can be interrupted.
  Watchdog(Host& host, std::function<void()> interrupt)
      : host_(host), interrupt_(std::move(interrupt)) {}
  ~Watchdog() { rest(); }
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

  // From now on the main thread has `limit_ms` to reach the next watch() or
  // rest(). Else the install is answered with `error_type` and a message that
  // begins with `what`, and the process ends.
  Status watch(std::uint64_t limit_ms, std::string error_type, std::string what);
  void rest();

  // On the main thread, somewhere in user code that `stack()` describes, innermost
  // frame first. Ends the process, unless the limit was kept after all.
  void report_stack(const std::function<std::vector<std::string>()>& stack);

 private:
  void work();
  [[noreturn]] void report(std::vector<std::string> trace);

  Host& host_;
  std::function<void()> interrupt_;

  std::mutex mutex_;  // of all below
  std::condition_variable changed_;
  std::uint64_t deadline_ns_ = 0;  // 0: rest
  std::uint64_t limit_ms_ = 0;
  std::string error_type_;
  std::string what_;

  Mapping stack_;
  pthread_t thread_{};
};

}  // namespace fw::embed
