// EventSet: the eventfds, pidfds and sockets of one worker's processes, behind a single
// descriptor that the worker's loop waits for. Hundreds of clones come and go: here each
// costs one epoll_ctl() to add, and all that are ready at once are served by one
// epoll_wait().
//
// For one thread. Callbacks may add and remove at will, themselves included.
#pragma once

#include <cstdint>
#include <functional>
#include <unordered_map>

#include "base/result.h"
#include "base/unique_fd.h"

namespace fw::pool {

class EventSet {
 public:
  using Id = std::uint64_t;
  static constexpr Id kNone = 0;

  static Result<EventSet> create();

  // Readable while some descriptor is ready.
  int fd() const { return epoll_.get(); }

  enum class Mode {
    kEdges,  // told of each write to it: an eventfd that nobody reads
    kOnce,   // told once, then never again: a pidfd
    kLevel,  // told as long as it is readable: a socket
  };
  // Calls `ready` when `fd` is. Remove it before the descriptor is closed.
  Result<Id> add(int fd, Mode mode, std::function<void()> ready);
  void remove(int fd, Id id);

  // Calls back for all that is ready now.
  void dispatch();

 private:
  explicit EventSet(UniqueFd epoll) : epoll_(std::move(epoll)) {}

  UniqueFd epoll_;
  Id last_ = kNone;
  std::unordered_map<Id, std::function<void()>> callbacks_;
};

}  // namespace fw::pool
