// DeathWatch: wakes a thread that waits on a futex word of shared memory when
// the process it waits for has ended.
//
// Why a thread: a waiter sleeps either on a futex (which a clone that is killed
// never wakes) or on descriptors (of which a clone shares none with us to write
// to); FUTEX_WAITV joins futexes only, and a robust futex is registered by the
// very process that is not trusted. So one thread of this process sleeps in
// epoll on the pidfds of all clones that are awaited and, when one ends, wakes
// its waiter. It is started by the first watch and stopped at the process's
// exit; it blocks all signals. A watch costs one system call to begin and one to
// end (2.3 us together); starting the thread costs some 60 us once, while the
// clone is under way.
//
// Thread-safe. In a child forked without exec the thread does not exist: the
// first watch there starts one of its own.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>

#include "base/result.h"

namespace fw::args {

class DeathWatch {
 public:
  // Watches the process behind `pidfd` until this object is destroyed. When it
  // ends, dead() turns true; then `word` gets slot_state::kDeadBit, unless it is
  // kAnswered, and its waiter is woken. A process that has ended already is
  // reported in the same way. `pidfd` and `word` must outlive the object.
  static Result<DeathWatch> begin(int pidfd, std::atomic<std::uint32_t>& word);

  DeathWatch(DeathWatch&&) noexcept;
  DeathWatch& operator=(DeathWatch&&) noexcept;
  ~DeathWatch();

  // True once the process has ended. All that it wrote to shared memory is
  // visible to who reads after this returned true.
  bool dead() const;

  struct Entry;

 private:
  explicit DeathWatch(std::unique_ptr<Entry> entry);
  std::unique_ptr<Entry> entry_;
};

}  // namespace fw::args
