// Clone: one process of a function's version, its slot and its output, from before it is
// started until it is reaped. Knows nothing of queues or policy.
//
// For its worker's thread. The destructor kills and reaps the process.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>

#include "args/shm/slot.h"
#include "base/process.h"
#include "pool/event_set.h"
#include "pool/loaded_version.h"
#include "pool/pending.h"
#include "pool/stats.h"
#include "snapshot/snapshot.h"
#include "store/outcome.h"

namespace fw::pool {

class Clone {
 public:
  // Slot and output, and no process yet.
  static Result<std::unique_ptr<Clone>> create(std::shared_ptr<const LoadedVersion> version,
                                               bool check_resets);

  // What a process of this clone is to be started with. Valid while the clone is.
  struct Order {
    fw_restore_request request{};
    std::array<fw_restore_fd, 5> fds{};
    fw_restore_external slot{};
  };
  void fill(Order& order) const;

  void set_process(Process process) { process_ = std::move(process); }
  const Process& process() const { return process_; }

  // Gives it arguments, before or after the process is there; from now on an invocation
  // is pending, until take_pending(). On failure it is handed back in `pending`.
  // kBadInput: they do not fit, of all clones or of those that run already.
  Status put(Pending& pending, args::After after);
  bool busy() const { return pending_.has_value(); }
  const Pending& pending() const { return *pending_; }
  Pending take_pending();
  std::uint64_t deadline_ns() const { return deadline_ns_; }

  // The answer, if there is one: `served` is filled then. nullopt while there is none.
  // kRefused, kSystem, kInternal when the process never came to run.
  Result<std::optional<Served>> poll();

  // Whether a call needs no descriptor for its arguments, which only a process that is
  // being started can be given.
  static bool fits_a_running_one(const Call& call);

  // Whether its process has ended, reaped or not.
  bool ended() const;

  // The invocation's deadline passed: kills the process.
  Served time_out();

  // The function saw nothing of the arguments put last.
  bool untouched() const { return !slot_.taken(); }

  // Of the process, which has ended.
  Result<ExitStatus> reap();

  std::shared_ptr<const LoadedVersion> version;
  Tier tier = Tier::kCold;  // of the invocation put last
  std::uint64_t idle_since_ns = 0;
  args::After after = args::After::kEnds;  // of the invocation put last
  // Its template learns from it which pages forks look at: it serves one invocation.
  bool teaches = false;
  EventSet::Id event_id = EventSet::kNone;
  EventSet::Id death_id = EventSet::kNone;
  int event_fd() const { return slot_.event_fd(); }

 private:
  Clone(args::Slot slot, store::Output output, std::shared_ptr<const LoadedVersion> its_version)
      : version(std::move(its_version)), output_(std::move(output)), slot_(std::move(slot)) {}

  Served served(store::Invoked invoked) const;
  Result<Served> without_answer();
  void subtract_earlier_faults(store::Invoked& invoked);

  std::uint32_t restore_flags_ = 0;
  std::optional<Pending> pending_;
  std::uint64_t deadline_ns_ = 0;
  std::uint64_t requested_ns_ = 0;
  std::uint64_t timeout_ms_ = 0;
  std::uint64_t minor_faults_ = 0;  // told with the last answer
  std::uint64_t major_faults_ = 0;
  bool ran_ = false;
  store::Output output_;
  args::Slot slot_;
  // Last: the process is gone before its slot is.
  Process process_;
};

}  // namespace fw::pool
