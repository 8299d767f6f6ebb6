// Queue: events on disk and their delivery. What submit() acknowledged is invoked at
// least once, or ends on the dead-letter list, whatever becomes of this process
// meanwhile. Delivered twice is possible: when the process ends after a function ran and
// before that was written down.
//
// One thread owns the file. All that arrives while it writes goes into its next
// transaction, so that a crowd of submissions costs one sync of the disk.
//
// Everything is for any thread. Callbacks are called exactly once, on the queue's thread,
// and must not block: whoever lives on a worker posts to its loop. Only what is refused at
// once (an event that is too large, too much unwritten, a queue that is closing) is told
// on the calling thread, before the function returns.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/result.h"
#include "gateway/events/event.h"
#include "gateway/logs/observer.h"
#include "pool/pool.h"

namespace fw::gateway::events {

struct Options {
  std::size_t max_payload = 256 * 1024;  // of arguments and call context together, bytes
  std::uint64_t max_queued = 1'000'000;  // waiting or running
  std::size_t max_unwritten = std::size_t{64} << 20;  // bytes of submissions not on disk yet

  unsigned max_running = 64;  // attempts under way
  unsigned max_running_per_function = 16;

  std::vector<std::uint64_t> retry_after_ms{60'000, 120'000};  // one for each retry
  std::uint64_t max_age_ms = 6 * 3600 * 1000ULL;
  // A function whose pool is busy is left alone for so long, doubling up to the second.
  std::uint64_t busy_backoff_ms = 50;
  std::uint64_t max_busy_backoff_ms = 5'000;

  std::uint64_t keys_kept_ms = 24 * 3600 * 1000ULL;               // idempotency keys
  std::uint64_t dead_letters_kept_ms = 14 * 24 * 3600 * 1000ULL;  // 0: for ever
  std::size_t done_remembered = 10'000;  // events whose end look_up() still knows, in memory

  // Notes each attempt, when there is one; must outlive the queue and its attempts.
  logs::InvocationLog* log = nullptr;

  // False: the last moments may be lost in a power cut (never when a process dies).
  bool sync_every_commit = true;
};

class Queue {
 public:
  // Takes up what an earlier process left: what was under way then is attempted again.
  // kBusy when another process has the file open; kRefused when it is damaged or none of
  // ours, naming it, and leaves it as it is. The pool outlives the queue.
  static Result<std::unique_ptr<Queue>> open(const std::filesystem::path& file, pool::Pool& pool,
                                             Options options = {});
  virtual ~Queue() = default;  // as close(0)

  // `done` is called when the event is on disk. kBadInput: too large, or a name is too
  // long; kBusy: too many wait; kSystem: it could not be written, with the reason, and
  // nothing of it was; kClosing. Does not look whether the function exists.
  using Submitted = std::function<void(Result<Accepted>)>;
  virtual void submit(Event event, Submitted done) = 0;

  // kNotFound when unknown, or delivered too long ago to be remembered.
  virtual void look_up(std::string event_id, std::function<void(Result<EventState>)> done) = 0;

  // The youngest first, at most `limit`; of all functions when `function` is empty.
  using DeadLetters = std::function<void(Result<std::vector<DeadLetter>>)>;
  virtual void dead_letters(std::string function, std::size_t limit, DeadLetters done) = 0;

  // Back into the queue, with all its attempts and its full age ahead; or away.
  // kNotFound when no dead letter has this id.
  virtual void replay(std::string event_id, std::function<void(Status)> done) = 0;
  virtual void discard(std::string event_id, std::function<void(Status)> done) = 0;

  // As in the options.
  virtual std::size_t max_payload() const = 0;

  virtual EventStats stats() = 0;

  // Begins no more attempts and waits at most `patience_ms` for those under way; what is
  // left is delivered by whoever opens the file next. Not from a worker's thread, nor
  // from a callback.
  virtual void close(std::uint64_t patience_ms) = 0;
};

}  // namespace fw::gateway::events
