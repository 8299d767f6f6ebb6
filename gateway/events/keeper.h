// Keeper: everything that the queue's thread owns: the table, whose turn it is, what is
// under way, and the counters. One thread at a time, but for stats().
#pragma once

#include <deque>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "gateway/events/inbox.h"
#include "gateway/events/lanes.h"
#include "gateway/events/queue.h"
#include "gateway/events/table.h"

namespace fw::gateway::events {

class Keeper {
 public:
  static Result<std::unique_ptr<Keeper>> open(const std::filesystem::path& file,
                                              const Options& options);

  // Outcomes are kept until a transaction has taken them in; their places are free at once.
  void take(std::vector<Outcome> outcomes, std::uint64_t now_ms);

  // All of it in one transaction; then the commands are finished. What it claimed, when
  // `claiming`, is to be delivered. On an error everything but the outcomes was undone.
  Result<std::vector<Claim>> transact(std::vector<Command> commands, bool claiming,
                                      std::uint64_t now_ms);

  // When transact() has something to do by itself; INT64_MAX: never.
  std::uint64_t next_ms(bool claiming) const;
  bool has_outcomes() const { return !outcomes_.empty(); }
  unsigned running() const { return lanes_.running(); }

  // Closes the file; only stats() may be used then.
  void close();

  // For commands, within a transaction.
  Result<Accepted> submit(const Event& event);
  Result<EventState> look_up(const std::string& event_id);
  Result<std::vector<DeadLetter>> dead_letters(const std::string& function, std::size_t limit);
  Status replay(const std::string& event_id);
  Status discard(const std::string& event_id);

  // Any thread.
  EventStats stats() const;

 private:
  struct Running {
    std::string function;
    EventState state;  // as it is when delivered
    std::uint64_t expires_ms = 0;
  };
  Keeper(EventTable table, const Options& options);

  Running& running_of(const Outcome& outcome);
  Status work(std::vector<Command>& commands, bool claiming, std::vector<Claim>& claims);
  Status record(const Outcome& outcome);
  Status record_failure(const Outcome& outcome, const Running& running);
  Status clean_up();
  Status claim(std::vector<Claim>& claims);
  void committed(const std::vector<Claim>& claims);
  void remember(EventState state);

  Options options_;
  EventTable table_;
  Lanes lanes_;
  std::vector<Outcome> outcomes_;
  std::unordered_map<std::uint64_t, Running> running_;
  std::uint64_t next_expiry_ms_ = 0;
  std::uint64_t next_purge_ms_ = 0;

  // Of the transaction that is under way.
  std::uint64_t now_ms_ = 0;
  EventStats draft_;
  std::uint64_t draft_oldest_ms_ = EventTable::kNever;
  bool reload_lanes_ = false;  // one was undone that had changed them

  // Events delivered, the oldest first.
  std::deque<std::string> done_order_;
  std::unordered_map<std::string, EventState> done_;

  mutable std::mutex stats_mutex_;
  EventStats stats_;
  std::uint64_t oldest_ms_ = EventTable::kNever;
};

}  // namespace fw::gateway::events
