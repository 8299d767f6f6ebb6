// A load generator for HTTP on the loopback interface. Requests have their times in a
// schedule that does not wait for answers (an open loop): a latency is counted from the
// time that the request was due, so that a server that stalls pays for all that had to
// wait meanwhile. With all of them due at once it is a closed loop of so many connections.
//
// It stops by itself: when every request of the schedule was answered or has failed, after
// the time limit, or when the user wants it (interrupt.h).
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace fw::bench {

// One request: POSTed, JSON.
struct Shot {
  std::uint64_t at_ns = 0;  // after the start
  std::string target;       // "/invoke/nop"
  std::string body;
  std::size_t kind = 0;  // the caller's: handed back with the hit
};

struct Hit {
  const Shot* shot = nullptr;
  unsigned status = 0;           // of HTTP; 0: there was no answer
  std::string_view body{};       // of the answer
  std::string_view failure{};    // why there was none
  std::uint64_t latency_ns = 0;  // from when it was due until its answer was read
};

struct LoadOptions {
  std::uint16_t port = 0;
  std::size_t connections = 16;       // at most, all kept open
  std::uint64_t timeout_ms = 30'000;  // of a request, once it has a connection
  std::uint64_t limit_ns = 0;         // of the whole; then it fails with kTimeout
  // Called about ten times a second, if given; a failure of it ends the load.
  std::function<Status()> tick{};
};

// The next request, due not before the former; nullopt: there are no more.
using NextShot = std::function<std::optional<Shot>()>;
using OnHit = std::function<void(const Hit&)>;

// On the calling thread alone. Every request is handed to `hit` once, answered or not,
// except those under way when it fails.
Status run_load(const LoadOptions& options, const NextShot& next, const OnHit& hit);

// One request, to see that a server answers. kFunction for another status than 200.
Result<std::string> ask_once(std::uint16_t port, const std::string& target,
                             const std::string& body);

}  // namespace fw::bench
