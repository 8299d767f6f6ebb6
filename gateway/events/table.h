// EventTable: the events of one file, and every statement on them. Knows of no thread,
// pool or time; who uses it makes the transactions. One thread at a time.
//
// Errors of all are those of Database. After kSystem, kRefused or kInternal the
// transaction must be undone; the others (kNotFound) changed nothing.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "gateway/events/database.h"
#include "gateway/events/event.h"

namespace fw::gateway::events {

// What is needed to attempt an event. `id` is the table's own.
struct Claim {
  std::uint64_t id = 0;
  std::string event_id;
  std::string function;
  std::string request_id;
  std::string arguments;
  std::string call_context;
  std::uint64_t attempts = 0;  // made so far
  std::uint64_t expires_ms = 0;
  std::uint64_t submitted_ms = 0;
};

// Why an event is dead, as DeadLetter::reason has it.
inline constexpr const char* kDeadByAttempts = "attempts";
inline constexpr const char* kDeadByAge = "age";
inline constexpr const char* kDeadByInput = "input";

class EventTable {
 public:
  // Makes the file when there is none and `create` allows it (else kNotFound). What was
  // under way when it was last open waits again. kRefused also for a file of somebody
  // else's or of a newer fwrun.
  static Result<EventTable> open(const std::filesystem::path& file, bool create, bool sync);

  // Nothing else may be called then.
  void close() { database_.close(); }

  Status begin();
  Status commit();
  void roll_back();

  // The ids of the earlier event when its key is kept; else the event is added, with
  // both ids set by the caller.
  Result<Accepted> submit(const Event& event, const Accepted& ids, std::uint64_t now_ms,
                          std::uint64_t keep_key_ms);

  // At most `limit` events of a function that are due; they are running then.
  Result<std::vector<Claim>> claim(std::string_view function, std::uint64_t now_ms,
                                   std::uint64_t limit);
  Status finish(std::uint64_t id);    // delivered: forgotten
  Status postpone(std::uint64_t id);  // no attempt was made
  Status retry(std::uint64_t id, const Attempt& attempt, std::string_view error,
               std::uint64_t due_ms);
  Status bury(std::uint64_t id, const Attempt& attempt, std::string_view error, const char* reason);

  // Buries those that wait and are too old, not all at once: how many.
  Result<std::uint64_t> expire(std::uint64_t now_ms);
  // Deletes dead letters that died before `dead_before_ms`, and old keys, not all at once:
  // how many rows.
  Result<std::uint64_t> purge(std::uint64_t dead_before_ms, std::uint64_t now_ms);

  Result<EventState> look_up(std::string_view event_id);
  Result<std::vector<DeadLetter>> dead_letters(std::string_view function, std::uint64_t limit);
  Result<std::string> replay(std::string_view event_id, std::uint64_t now_ms);  // its function
  Status discard(std::string_view event_id);

  struct Counts {
    std::uint64_t waiting = 0;
    std::uint64_t dead = 0;
  };
  Result<Counts> count();
  // When the next event is due, by function.
  Result<std::map<std::string, std::uint64_t>> due();
  // Of one function; kNever when it has none that waits.
  static constexpr std::uint64_t kNever = INT64_MAX;
  Result<std::uint64_t> due(std::string_view function);
  Result<std::uint64_t> next_expiry();  // of those that wait; or kNever
  Result<std::uint64_t> oldest();       // since when the oldest not dead is queued; or kNever

 private:
  explicit EventTable(Database database) : database_(std::move(database)) {}

  Database database_;
};

}  // namespace fw::gateway::events
