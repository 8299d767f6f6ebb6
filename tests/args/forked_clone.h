// Clones for tests: forked children that map one slot, as a restored process
// does, and play a part in the protocol.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "args/shm/client.h"
#include "args/shm/layout.h"
#include "args/shm/slot.h"
#include "base/mapping.h"
#include "base/process.h"
#include "base/unique_fd.h"

namespace fw::args {

inline constexpr int kSpillTarget = 100;

// Forks a child that has `slot` mapped (and its spilled arguments, if any, as
// descriptor kSpillTarget), runs `part` and exits with what it returns. The
// part must not use doctest.
Process fork_clone(const Slot& slot, const std::function<int(Client&)>& part);

// The same without any slot.
Process fork_child(const std::function<int()>& part);

// A second look at a slot's memory, as a clone has it.
class MappedSlot {
 public:
  explicit MappedSlot(const Slot& slot);
  SlotHeader& header() const { return *reinterpret_cast<SlotHeader*>(mapping_.data()); }
  void* data() const { return mapping_.data(); }

 private:
  Mapping mapping_;
};

// A place in a child's life at which it stops until it is killed or let go, and
// at which the parent can wait for it.
class Gate {
 public:
  Gate();
  // In the child: says that it is here, and waits. Never returns if not opened.
  void reach() const;
  // In the child: says that it is here, and goes on.
  void pass() const;
  // In the parent: waits until the child is there; false when it died before.
  bool wait_until_reached();
  // In the parent: lets the child go on.
  void open() const;

 private:
  UniqueFd here_read_, here_write_;
  UniqueFd go_read_, go_write_;
};

// Blocks for ever.
[[noreturn]] void sleep_until_killed();

// `size` bytes in which every position differs from its neighbours.
std::string pattern(std::size_t size);

// Waits until the process has ended, without reaping it.
void wait_until_ended(const Process& process);

}  // namespace fw::args
