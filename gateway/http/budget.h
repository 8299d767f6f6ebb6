// Budget: how much memory the bodies and unsent answers of all connections of a server
// may take together. Small ones are not counted: the limit on connections bounds them.
#pragma once

#include <atomic>
#include <cstdint>
#include <utility>

namespace fw::gateway::http {

class Budget {
 public:
  explicit Budget(std::uint64_t bytes) : left_(static_cast<std::int64_t>(bytes)) {}

  bool take(std::uint64_t bytes) {
    const auto wanted = static_cast<std::int64_t>(bytes);
    if (left_.fetch_sub(wanted, std::memory_order_relaxed) >= wanted) return true;
    give(bytes);
    return false;
  }
  void give(std::uint64_t bytes) {
    left_.fetch_add(static_cast<std::int64_t>(bytes), std::memory_order_relaxed);
  }

 private:
  std::atomic<std::int64_t> left_;
};

// What one owner has taken; given back at its end. The budget outlives it.
class Charge {
 public:
  explicit Charge(Budget& budget) : budget_(budget) {}
  ~Charge() { release(); }
  Charge(const Charge&) = delete;
  Charge& operator=(const Charge&) = delete;

  // False when nothing is left: nothing is taken then.
  bool take(std::uint64_t bytes) {
    constexpr std::uint64_t kSmall = 16 << 10;
    if (bytes <= kSmall) return true;
    if (!budget_.take(bytes)) return false;
    taken_ += bytes;
    return true;
  }
  void release() {
    if (taken_ > 0) budget_.give(std::exchange(taken_, 0));
  }

 private:
  Budget& budget_;
  std::uint64_t taken_ = 0;
};

}  // namespace fw::gateway::http
