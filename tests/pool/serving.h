// A pool over a store of its own, and a way to call it that waits.
#pragma once

#include <chrono>
#include <future>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <thread>

#include "pool/policy.h"
#include "pool/pool.h"
#include "tests/e2e/installation.h"

namespace fw::testing {

class Serving {
 public:
  explicit Serving(pool::Options options = default_options());
  // Closes the pool; the installation then checks that nothing is left.
  ~Serving();

  static pool::Options default_options();

  Installation& installed() { return installation_; }
  // Started by the first call, so that functions can be installed before.
  pool::Pool& pool();
  void close(std::uint64_t patience_ms = 0);

  using Answer = std::future<Result<pool::Served>>;
  Answer begin(const std::string& function, std::string arguments = "{}", unsigned worker = 0);
  // Waits; fails the test after half a minute.
  static Result<pool::Served> await(Answer& answer);
  Result<pool::Served> call(const std::string& function, std::string arguments = "{}",
                            unsigned worker = 0);
  // The result of a call that must succeed.
  nlohmann::json result(const std::string& function, std::string arguments = "{}",
                        unsigned worker = 0);

  pool::FunctionStats stats(const std::string& function);
  // Waits until the predicate holds of the function's stats.
  template <typename Holds>
  bool until(const std::string& function, Holds holds) {
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!holds(stats(function))) {
      if (std::chrono::steady_clock::now() > limit) return false;
      std::this_thread::yield();
    }
    return true;
  }

  void set_policy(const std::string& function, const pool::Policy& policy);

 private:
  Installation installation_;
  pool::Options options_;
  std::unique_ptr<pool::Pool> pool_;
};

}  // namespace fw::testing
