// Event: one invocation that nobody waits for, and what is known of it while it waits,
// runs, or lies on the dead-letter list. Plain values.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace fw::gateway::events {

struct Event {
  std::string function;
  std::string arguments;         // JSON text, passed untouched
  std::string call_context;      // as pool::Call
  std::string request_id;        // at most 63 bytes, the same over all attempts; empty: one is made
  std::string idempotency_key;   // at most 256 bytes, of this function; empty: none
  std::uint64_t max_age_ms = 0;  // after that it is not attempted again; 0: as in the options
};

// What became of a submission that was accepted.
struct Accepted {
  std::string event_id;
  std::string request_id;
  // An event of the same function with the same idempotency key had been accepted
  // before: these are its ids, and nothing was added.
  bool duplicate = false;
};

enum class State {
  kQueued,    // never attempted
  kRunning,   // an attempt is under way
  kRetrying,  // waits for its next attempt, at due_ms
  kDead,      // on the dead-letter list
  kDone,      // delivered
};
const char* name_of(State state);  // "queued", "running", ...

// Instants are milliseconds since 1970.
struct EventState {
  std::string event_id;
  std::string function;
  std::string request_id;
  State state = State::kQueued;
  std::uint64_t attempts = 0;
  std::uint64_t submitted_ms = 0;
  std::uint64_t due_ms = 0;  // of the next attempt, when there is to be one
};

// One attempt that failed.
struct Attempt {
  std::uint64_t started_ms = 0;
  std::uint64_t ended_ms = 0;
  // "error", "timed_out" (as store::Ending), or the name of the pool's error: "system" ...
  std::string outcome;
};

struct DeadLetter {
  std::string event_id;
  std::string function;
  std::string request_id;
  std::string arguments;
  std::string reason;  // "attempts": all failed; "age": it grew too old; "input": it never can run
  std::string error;   // the last attempt's error body, or the pool's message; may be cut
  std::uint64_t submitted_ms = 0;
  std::uint64_t dead_ms = 0;
  std::vector<Attempt> attempts;
};

// Counters only grow while the queue is open; the rest is how it is now.
struct EventStats {
  std::uint64_t submitted = 0;   // accepted, without duplicates
  std::uint64_t duplicates = 0;  // of an idempotency key
  std::uint64_t rejected = 0;    // submissions that failed
  std::uint64_t delivered = 0;
  std::uint64_t retried = 0;    // attempts that failed and will be made again
  std::uint64_t postponed = 0;  // the pool was busy: no attempt was made
  std::uint64_t dead = 0;       // put on the dead-letter list
  std::uint64_t replayed = 0;
  std::uint64_t discarded = 0;

  std::uint64_t queued_now = 0;  // waiting or running
  std::uint64_t running_now = 0;
  std::uint64_t dead_now = 0;
  std::uint64_t oldest_age_ms = 0;  // of those waiting or running
};

}  // namespace fw::gateway::events
