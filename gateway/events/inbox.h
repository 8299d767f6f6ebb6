// Inbox: what other threads hand to the queue's thread. Shared with the callbacks that
// the pool holds, so that an answer that comes when the queue is gone finds nobody, and
// does no harm.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <vector>

#include "base/result.h"
#include "gateway/events/event.h"

namespace fw::gateway::events {

class Keeper;

// Something to be done in a transaction, and what to do when that is on disk or was undone.
struct Command {
  // An error means that the transaction must be undone.
  std::function<Status(Keeper&)> work;
  // With the error for which it was undone.
  std::function<void(Status committed)> finish;
  std::size_t bytes = 0;  // that it holds in memory
};

// What became of an attempt.
struct Outcome {
  enum class Kind {
    kDelivered,
    kFailed,     // may be tried again
    kHopeless,   // can never succeed
    kPostponed,  // was not attempted: the pool is busy or closing
  };
  Kind kind = Kind::kPostponed;
  std::uint64_t id = 0;  // of the claim
  Attempt attempt;
  std::string error;
};

struct Inbox {
  std::mutex mutex;
  std::condition_variable arrived;
  // Guarded by the mutex.
  std::vector<Command> commands;
  std::vector<Outcome> outcomes;
  std::size_t bytes = 0;  // of the commands that are not finished
  bool closing = false;   // no more commands are taken
};

}  // namespace fw::gateway::events
