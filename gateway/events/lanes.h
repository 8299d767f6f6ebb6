// Lanes: whose turn it is. One lane for each function that has events: when its next one
// is due, how many of its attempts are under way, and whether it is left alone because
// the pool was busy with it. A function with a long queue holds up no other: turns go
// round, and each lane has its own bound. Not thread-safe; instants are milliseconds.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace fw::gateway::events {

class Lanes {
 public:
  struct Limits {
    unsigned running = 0;  // in all
    unsigned running_per_function = 0;
    std::uint64_t pause_ms = 0;  // after a refusal, doubled with each more
    std::uint64_t max_pause_ms = 0;
  };
  explicit Lanes(const Limits& limits) : limits_(limits) {}

  // An event of the function is due at `due_ms`, others may be earlier.
  void add(const std::string& function, std::uint64_t due_ms);
  // The earliest of those that wait is due then; INT64_MAX: none waits.
  void set_due(const std::string& function, std::uint64_t due_ms);

  // How many events of which functions may be claimed now, shared out evenly.
  struct Turn {
    std::string function;
    unsigned claims = 0;
  };
  std::vector<Turn> turns(std::uint64_t now_ms);

  void started(const std::string& function, unsigned attempts);
  void ended(const std::string& function);                          // an attempt was made
  void refused(const std::string& function, std::uint64_t now_ms);  // none: the pool is busy

  unsigned running() const { return running_; }
  // When turns() may yield something without any other change; INT64_MAX: never.
  std::uint64_t next_ms() const;

 private:
  struct Lane {
    std::uint64_t due_ms = INT64_MAX;
    unsigned running = 0;
    std::uint64_t paused_until_ms = 0;
    std::uint64_t pause_ms = 0;  // the last one; 0: not refused since an attempt was made
  };
  using Map = std::map<std::string, Lane>;

  bool has_room(const Lane& lane) const {
    return running_ < limits_.running && lane.running < limits_.running_per_function;
  }
  void left(const std::string& function);
  void forget_if_empty(Map::iterator lane);

  Limits limits_;
  Map lanes_;
  unsigned running_ = 0;
  std::string last_;  // whose turn was the last; the next one begins
};

}  // namespace fw::gateway::events
