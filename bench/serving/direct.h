// Templates and clones without the pool and the gateway around them: the engine and the
// hand-off alone, asked through slots.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

#include "args/shm/slot.h"
#include "base/process.h"
#include "base/result.h"
#include "bench/restores/target.h"
#include "snapshot/snapshot.h"
#include "store/outcome.h"

namespace fw::bench {

// The image of a target, mapped in a process that forks. One thread at a time. The
// destructor kills and reaps it.
class DirectTemplate {
 public:
  // That the image is refused shows at the first fork.
  static Result<DirectTemplate> start(const Target& target);

  // A process with this slot, in which arguments may lie already. `flags`:
  // fw_restore_flags.
  Result<Process> fork(const args::Slot& slot, const store::Output& output,
                       std::uint32_t flags) const;

  // The same in two steps: orders it, without waiting; and says what became of the order,
  // nullopt while it is not known. `event_target`: the descriptor of the process that the
  // slot's event is to be, if it has one.
  Status order(const args::Slot& slot, const store::Output& output, std::uint32_t flags,
               int event_target) const;
  Result<std::optional<Process>> ordered() const;
  int socket() const { return socket_.get(); }  // readable when it may be known

  // Has it learn from one fork that serves the target's event which pages forks look at,
  // as the pool has each of its templates. Where the kernel cannot, it stays as it is.
  Status learn(const Target& target) const;

 private:
  DirectTemplate(store::Output output, const fw_prepared& prepared)
      : output_(std::move(output)),
        prepared_(prepared),
        process_(prepared.pid, UniqueFd(prepared.pidfd)),
        socket_(prepared.socket) {}

  store::Output output_;
  fw_prepared prepared_{};
  Process process_;
  UniqueFd socket_;
};

// What one call of a clone cost and brought.
struct DirectCall {
  args::Answer answer;
  std::uint64_t requested_ns = 0;  // before the arguments were put, CLOCK_MONOTONIC
  std::uint64_t received_ns = 0;   // when the answer was here
};

// A fork boot: puts the target's event, has a process forked and reads its answer, which
// may be there before the template told of the process. As one of the pool's, the process
// is to be reset after its answer; but it is gone when this returns. Fails when the answer
// is not the one expected.
Result<DirectCall> boot_once(const DirectTemplate& from, const Target& target);

// A clone forked from a template that can be reset. One thread at a time. The destructor
// kills and reaps it.
class DirectClone {
 public:
  // Puts the target's event, then forks a process, and awaits its answer. Fails when it
  // is not the one expected.
  static Result<DirectClone> fork(const DirectTemplate& from, const Target& target,
                                  args::After after, DirectCall& first,
                                  std::uint32_t flags = FW_RESTORE_RESETTABLE);

  // The next call of the same process, which after the last was to stay or to be reset.
  Result<DirectCall> call(args::After after);

  // Waits for the end of one that was to end.
  Status reap();

  pid_t pid() const { return process_.pid(); }

 private:
  DirectClone(args::Slot slot, store::Output output, const Target& target)
      : target_(&target), output_(std::move(output)), slot_(std::move(slot)) {}

  Result<DirectCall> put(args::After after);
  Status await(DirectCall& call);
  Error failure(Error error);

  const Target* target_;
  std::string last_body_;  // checked already
  store::Output output_;
  args::Slot slot_;
  // Last: the process is gone before its slot is.
  Process process_;
};

}  // namespace fw::bench
