#include "pool/memory_guard.h"

#include <poll.h>

#include <utility>

namespace fw::pool {

namespace {

constexpr std::chrono::milliseconds kPeriod{1000};
constexpr std::chrono::milliseconds kWhileLow{100};
constexpr std::uint64_t kDefaultShare = 20;

}  // namespace

MemoryGuard::MemoryGuard(boost::asio::io_context& loop, MemoryWatch watch, std::uint64_t low_bytes,
                         std::function<void()> shed)
    : watch_(std::move(watch)),
      low_bytes_(low_bytes),
      shed_(std::move(shed)),
      timer_(loop),
      pressure_(loop) {
  if (low_bytes_ == 0) low_bytes_ = watch_.total().value_or(0) / kDefaultShare;
}

MemoryGuard::~MemoryGuard() {
  if (pressure_.is_open()) (void)pressure_.release();  // the watch's own
}

void MemoryGuard::begin() {
  if (watch_.pressure_fd() >= 0) {
    boost::system::error_code error;
    pressure_.assign(watch_.pressure_fd(), error);
    if (!error) await_pressure();
  }
  look();
}

void MemoryGuard::await_pressure() {
  // Asio counts POLLPRI among the errors.
  pressure_.async_wait(boost::asio::posix::stream_descriptor::wait_error,
                       [this](const boost::system::error_code& error) {
                         if (error) return;
                         look();
                         // With the cgroup gone it would be ready for ever.
                         pollfd state{watch_.pressure_fd(), 0, 0};
                         if (::poll(&state, 1, 0) == 0) await_pressure();
                       });
}

void MemoryGuard::look() {
  const Result<std::uint64_t> available = watch_.available();
  if (!available) return look_after(kPeriod);
  available_ = *available;
  const bool low = *available < low_bytes_;
  if (low) shed_();
  look_after(low ? kWhileLow : kPeriod);
}

void MemoryGuard::look_after(std::chrono::milliseconds delay) {
  timer_.expires_after(delay);
  timer_.async_wait([this](const boost::system::error_code& error) {
    if (!error) look();
  });
}

}  // namespace fw::pool
