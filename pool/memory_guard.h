// MemoryGuard: has idle processes ended before the kernel ends running ones. Looks at how
// much memory is left once a second, at once when the kernel reports pressure, and every
// tenth of a second as long as too little is left.
//
// Lives in one worker's loop; for its thread, except where noted.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <functional>

#include "pool/pressure.h"

namespace fw::pool {

class MemoryGuard {
 public:
  // `shed` is called, again and again, while less than `low_bytes` are left; 0: a
  // twentieth of all there is.
  MemoryGuard(boost::asio::io_context& loop, MemoryWatch watch, std::uint64_t low_bytes,
              std::function<void()> shed);
  ~MemoryGuard();
  MemoryGuard(const MemoryGuard&) = delete;
  MemoryGuard& operator=(const MemoryGuard&) = delete;

  void begin();

  // As of the last look. Any thread.
  std::uint64_t available() const { return available_; }

 private:
  void look();
  void look_after(std::chrono::milliseconds delay);
  void await_pressure();

  MemoryWatch watch_;
  std::uint64_t low_bytes_;
  std::function<void()> shed_;
  boost::asio::steady_timer timer_;
  boost::asio::posix::stream_descriptor pressure_;
  std::atomic<std::uint64_t> available_{0};
};

}  // namespace fw::pool
