// Watchdog: ends an install whose user code keeps the main thread busy beyond a
// limit, with an error that shows where it is stuck. Timers cannot: they need the
// event loop.
//
// Its thread exists from watch() to rest() only, so none is captured, and lives on
// a stack that is unmapped afterwards.
#pragma once

#include <pthread.h>
#include <v8.h>

#include <condition_variable>
#include <mutex>
#include <string>

#include "base/mapping.h"
#include "v8host/core/host.h"

namespace fw::v8host {

class Watchdog {
 public:
  Watchdog(v8::Isolate* isolate, Host& host) : isolate_(isolate), host_(host) {}
  ~Watchdog() { rest(); }
  Watchdog(const Watchdog&) = delete;
  Watchdog& operator=(const Watchdog&) = delete;

  // From now on the main thread has `limit_ms` to reach the next watch() or
  // rest(). Else the install is answered with `error_type` and a message that
  // begins with `what`, and the process ends.
  Status watch(std::uint64_t limit_ms, std::string error_type, std::string what);
  void rest();

 private:
  void work();
  void report_stack();
  [[noreturn]] void report(std::vector<std::string> trace);

  v8::Isolate* isolate_;
  Host& host_;

  std::mutex mutex_;  // of all below
  std::condition_variable changed_;
  std::uint64_t deadline_ns_ = 0;  // 0: rest
  std::uint64_t limit_ms_ = 0;
  std::string error_type_;
  std::string what_;

  Mapping stack_;
  pthread_t thread_{};
};

}  // namespace fw::v8host
