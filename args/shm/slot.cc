#include "args/shm/slot.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <string>

#include "args/shm/death_watch.h"
#include "args/shm/layout.h"
#include "args/shm/reply.h"
#include "args/shm/request.h"
#include "args/shm/sealed_memfd.h"
#include "base/clock.h"
#include "base/files.h"
#include "base/mapping.h"
#include "base/syscalls.h"
#include "base/unique_fd.h"

namespace fw::args {

namespace {

// A waiter is woken by the clone's answer or by the DeathWatch, and sleeps until
// then. But a hostile clone can move our waiter to another futex
// (FUTEX_CMP_REQUEUE) or undo the DeathWatch's change of the word, and then end:
// the wake is lost. So the waiter looks around by itself this often; no honest
// clone ever makes this matter.
constexpr std::uint64_t kLookAroundNs = kNsPerSecond;

// Memory of the slot that is kept for the next invocation; more is given back.
constexpr std::size_t kKeptBytes = std::size_t{64} << 10;

bool not_yet_answered(std::uint32_t state) {
  state &= ~slot_state::kDeadBit;
  return (state & ~slot_state::kTrainingBit) <= slot_state::kTaken ||
         state == (slot_state::kAnswered | slot_state::kTrainingBit);
}

// Whether the process has ended, reaped or not.
bool has_ended(const Process& process) {
  if (!process.running()) return true;
  pollfd ended{process.pidfd(), POLLIN, 0};
  return ::poll(&ended, 1, 0) == 1;
}

Error died(std::uint32_t state) {
  return {Errc::kDied, (state & ~slot_state::kDeadBit) == slot_state::kTaken
                           ? "the process ended without an answer, after it took its arguments"
                           : "the process ended without an answer, before it took its arguments"};
}

Error unknown_state(std::uint32_t state) {
  return malformed_answer("its slot is in the unknown state " + std::to_string(state));
}

}  // namespace

std::size_t slot_bytes() { return kSlotBytes; }

struct Slot::State {
  UniqueFd memory;
  Mapping mapping;
  UniqueFd spill;
  UniqueFd event;
  std::int32_t notify_fd = kNotByEvent;
  bool under_way = false;
  bool soiled = false;  // may hold anything: wiped before the next use
  std::uint64_t deadline_ns = 0;
  std::uint64_t requested_ns = 0;
  std::size_t arguments_in_slot = 0;

  SlotHeader& header() const { return *reinterpret_cast<SlotHeader*>(mapping.data()); }

  void label();
  Status discard(std::size_t from);
  Status wait(const Process& clone);
  Result<Answer> collect(const Process& clone);
  Result<Answer> finish(Result<Answer> answer);
  Result<std::string> fetch_body(const Process& clone, const Reply& reply);
};

// Makes zeros a slot; and repairs what the last clone may have done to it.
void Slot::State::label() {
  header().version = kSlotVersion;
  header().body_fd = kInSlot;
  header().arguments_fd = kInSlot;
  header().notify_fd = notify_fd;
  header().magic = kSlotMagic;
}

// Gives the memory from `from` on back; it reads as zeros afterwards.
Status Slot::State::discard(std::size_t from) {
  if (::fallocate(memory.get(), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE,
                  static_cast<off_t>(from), static_cast<off_t>(kSlotBytes - from)) != 0) {
    return fail_errno("empty a slot");
  }
  return {};
}

Result<Slot> Slot::create() { return create_with_event(kNotByEvent); }

Result<Slot> Slot::create_with_event(int clone_fd) {
  auto state = std::make_unique<State>();
  FW_TRY_ASSIGN(state->memory, create_memfd("fwrun-slot"));
  if (::ftruncate(state->memory.get(), static_cast<off_t>(kSlotBytes)) != 0) {
    return fail_errno("size a slot");
  }
  if (::fcntl(state->memory.get(), F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW) != 0) {
    return fail_errno("seal a slot's size");
  }
  FW_TRY_ASSIGN(state->mapping, Mapping::of_file(state->memory.get(), kSlotBytes,
                                                 PROT_READ | PROT_WRITE, Mapping::Share::kShared));
  if (::madvise(state->mapping.data(), kSlotBytes, MADV_DONTFORK) != 0) {
    return fail_errno("madvise(MADV_DONTFORK) of a slot");
  }
  if (clone_fd != kNotByEvent) {
    state->event = UniqueFd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!state->event) return fail_errno("eventfd");
    state->notify_fd = clone_fd;
  }
  state->label();
  return Slot(std::move(state));
}

Slot::Slot(std::unique_ptr<State> state) : state_(std::move(state)) {}
Slot::Slot(Slot&&) noexcept = default;
Slot& Slot::operator=(Slot&&) noexcept = default;
Slot::~Slot() = default;

int Slot::memory_fd() const { return state_->memory.get(); }
int Slot::event_fd() const { return state_->event.get(); }
int Slot::spill_fd() const { return state_->spill.get(); }

Status Slot::put(const Invocation& invocation, int spill_target) {
  State& slot = *state_;
  const std::string_view arguments = invocation.arguments;
  if (slot.under_way) {
    return fail(Errc::kInternal, "a slot serves one invocation at a time: await the former first");
  }
  if (arguments.size() > kMaxPayload) {
    return fail(Errc::kBadInput, "the arguments are " + std::to_string(arguments.size()) +
                                     " bytes; at most " + std::to_string(kMaxPayload) +
                                     " are allowed");
  }
  if (invocation.request_id.size() > kMaxRequestIdBytes) {
    return fail(Errc::kBadInput,
                "the request id is " + std::to_string(invocation.request_id.size()) +
                    " bytes; at most " + std::to_string(kMaxRequestIdBytes) + " are allowed");
  }
  if (invocation.call_context.size() > kMaxCallContext) {
    return fail(Errc::kBadInput,
                "the call's context is " + std::to_string(invocation.call_context.size()) +
                    " bytes; at most " + std::to_string(kMaxCallContext) + " are allowed");
  }
  const bool spills =
      call_context_offset(arguments.size()) + invocation.call_context.size() > kPayloadCapacity;
  UniqueFd spill;
  if (spills) {
    if (spill_target < 0) {
      return fail(Errc::kBadInput, "arguments of " + std::to_string(arguments.size()) +
                                       " bytes need a clone started for them: at most " +
                                       std::to_string(kPayloadCapacity) + " fit into its slot");
    }
    FW_TRY_ASSIGN(spill, seal_into_memfd(arguments));
  }
  if (slot.soiled) {
    FW_TRY(slot.discard(0));
    slot.soiled = false;
  }
  slot.label();
  slot.spill = std::move(spill);
  slot.deadline_ns = invocation.deadline_ns;
  slot.arguments_in_slot = spills ? 0 : arguments.size();
  slot.under_way = true;
  place_request(slot.header(),
                {invocation.request_id, invocation.deadline_ns, arguments, invocation.after,
                 invocation.call_context},
                spills ? spill_target : kInSlot);
  slot.requested_ns = at(slot.header().timeline, Instant::kRequested);
  slot.header().state.store(slot_state::kPut, std::memory_order_release);
  sys::futex_wake(&slot.header().state, 1);
  return {};
}

Result<Answer> Slot::await(const Process& clone) {
  State& slot = *state_;
  if (slot.soiled && !slot.under_way) {
    return fail(Errc::kInternal, "the slot's last invocation failed: put() before awaiting again");
  }
  Status answered = slot.wait(clone);
  return slot.finish(answered ? slot.collect(clone)
                              : Result<Answer>(fail(std::move(answered).error())));
}

Result<std::optional<Answer>> Slot::poll(const Process& clone) {
  State& slot = *state_;
  const std::atomic<std::uint32_t>& word = slot.header().state;
  std::uint32_t seen = word.load(std::memory_order_acquire);
  if (seen != slot_state::kAnswered) {
    // In this order: what the clone wrote before it ended is then seen.
    const bool ended = has_ended(clone);
    seen = word.load(std::memory_order_acquire);
    if (seen != slot_state::kAnswered) {
      if (not_yet_answered(seen) && !ended) return std::nullopt;
      return fail(slot.finish(fail(ended ? died(seen) : unknown_state(seen))).error());
    }
  }
  Result<Answer> answer = slot.finish(slot.collect(clone));
  if (!answer) return fail(std::move(answer).error());
  return std::optional<Answer>(std::move(*answer));
}

bool Slot::taken() const {
  return state_->header().state.load(std::memory_order_acquire) == slot_state::kTaken;
}

void Slot::abandon() { (void)state_->finish(fail(Errc::kTimeout, "given up")); }

Result<Answer> Slot::State::finish(Result<Answer> answer) {
  soiled = !answer.has_value();
  under_way = false;
  deadline_ns = 0;
  requested_ns = 0;
  arguments_in_slot = 0;
  spill.reset();
  return answer;
}

Result<Answer> Slot::remains() { return read_remains(state_->header()); }

Status Slot::State::wait(const Process& clone) {
  std::atomic<std::uint32_t>& word = header().state;
  std::optional<DeathWatch> watch;
  bool dead = !clone.running();
  for (;;) {
    // In this order: what the clone wrote before it died is then seen.
    if (watch) dead = dead || watch->dead();
    const std::uint32_t seen = word.load(std::memory_order_acquire);
    if (seen == slot_state::kAnswered) return {};
    if (dead) return fail(died(seen));
    if (!not_yet_answered(seen)) {
      return fail(unknown_state(seen));
    }
    std::uint64_t patience_ns = kLookAroundNs;
    if (deadline_ns != 0) {
      const std::uint64_t now = monotonic_ns();
      if (now >= deadline_ns) {
        if (!has_ended(clone)) {
          return fail(Errc::kTimeout, "no answer came before the invocation's deadline");
        }
        dead = true;
        continue;
      }
      patience_ns = std::min(patience_ns, deadline_ns - now);
    }
    if (!watch) {
      FW_TRY_ASSIGN(watch, DeathWatch::begin(clone.pidfd(), word));
      continue;  // the clone may have answered meanwhile
    }
    if (sys::futex_wait(&word, seen, patience_ns) != 0 && errno != EAGAIN && errno != EINTR &&
        errno != ETIMEDOUT) {
      return fail_errno("wait for an answer");
    }
  }
}

Result<Answer> Slot::State::collect(const Process& clone) {
  FW_TRY_ASSIGN(Reply reply, read_reply(header()));
  Answer& answer = reply.answer;
  if (reply.body_fd != kInSlot) {
    FW_TRY_ASSIGN(answer.body, fetch_body(clone, reply));
  }
  at(answer.timeline, Instant::kRequested) = requested_ns;

  header().state.store(slot_state::kFree, std::memory_order_release);
  const std::size_t in_slot =
      std::max(arguments_in_slot, reply.body_fd == kInSlot ? reply.body_bytes : 0);
  if (in_slot > kKeptBytes || header().log_bytes_used.load() > kKeptBytes) {
    header().log_bytes_used.store(0);
    FW_TRY(discard(kPageSize));
  }
  return std::move(answer);
}

// The clone holds the memfd open until `state` changes.
Result<std::string> Slot::State::fetch_body(const Process& clone, const Reply& reply) {
  const std::string what = "a body of " + std::to_string(reply.body_bytes) +
                           " bytes in descriptor " + std::to_string(reply.body_fd);
  if (!clone.running())
    return fail(Errc::kDied, "the process ended before " + what + " was fetched");
  const UniqueFd fd(sys::pidfd_getfd(clone.pidfd(), reply.body_fd));
  if (!fd) {
    const int error = errno;
    if (error == ESRCH) {
      return fail(Errc::kDied, "the process ended before " + what + " was fetched");
    }
    if (error == EBADF)
      return fail(malformed_answer("it announced " + what + ", which is not open"));
    return fail(Error::from_errno("fetch " + what + " from the clone", error));
  }
  header().state.store(slot_state::kFree, std::memory_order_release);
  sys::futex_wake(&header().state, 1);
  Result<std::string> body = read_sealed(fd.get(), reply.body_bytes);
  if (!body) {
    return fail(malformed_answer("it announced " + what + ", but " + body.error().message()));
  }
  return body;
}

}  // namespace fw::args
