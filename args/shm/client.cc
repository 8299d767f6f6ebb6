#include "args/shm/client.h"

#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include "args/shm/layout.h"
#include "args/shm/log_area.h"
#include "args/shm/request.h"
#include "args/shm/sealed_memfd.h"
#include "base/clock.h"
#include "base/syscalls.h"
#include "base/unique_fd.h"

namespace fw::args {

namespace {

constexpr std::uint32_t without_training(std::uint32_t state) {
  return state & ~slot_state::kTrainingBit;
}

std::string_view in_slot(SlotHeader& slot, std::uint64_t bytes) {
  return {reinterpret_cast<const char*>(payload_of(slot)), bytes};
}

// Maps the arguments that were given to this process as a descriptor.
Result<Mapping> map_arguments(int number, std::size_t bytes) {
  if (Status sealed = check_sealed(number, bytes); !sealed) {
    return fail(Errc::kSystem, "arguments of " + std::to_string(bytes) +
                                   " bytes should have been given to this process as descriptor " +
                                   std::to_string(number) + ", but " + sealed.error().message());
  }
  const UniqueFd fd(number);  // ours from now on; the mapping does not need it
  return Mapping::of_file(fd.get(), bytes, PROT_READ, Mapping::Share::kPrivate);
}

void note_faults(SlotHeader& slot) {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  slot.minor_faults = static_cast<std::uint64_t>(usage.ru_minflt);
  slot.major_faults = static_cast<std::uint64_t>(usage.ru_majflt);
}

void wake_requester(SlotHeader& slot) {
  if (slot.notify_fd == kNotByEvent) {
    sys::futex_wake(&slot.state, 1);
  } else {
    // Not eventfd_write(): whether it succeeds is nothing that a clone could mend.
    const std::uint64_t one = 1;
    [[maybe_unused]] const ssize_t n = ::write(slot.notify_fd, &one, sizeof one);
  }
}

// Waits until the requester has fetched the answer that is not in the slot.
Status wait_until_fetched(const SlotHeader& slot) {
  const std::uint64_t patience =
      slot.fetch_patience_ns != 0 ? slot.fetch_patience_ns : kDefaultFetchPatienceNs;
  const std::uint64_t deadline = monotonic_ns() + patience;
  while (slot.state.load(std::memory_order_acquire) == slot_state::kAnswered) {
    const std::uint64_t now = monotonic_ns();
    if (now >= deadline) return fail(Errc::kTimeout, "nobody fetched the answer");
    if (sys::futex_wait(&slot.state, slot_state::kAnswered, deadline - now) != 0 &&
        errno != EAGAIN && errno != EINTR && errno != ETIMEDOUT) {
      return fail_errno("wait until the answer is fetched");
    }
  }
  return {};
}

}  // namespace

Client::Client(void* slot) : slot_(slot) {}

SlotHeader& Client::header() const { return *static_cast<SlotHeader*>(slot_); }

bool Client::in_training() const {
  return (header().state.load(std::memory_order_relaxed) & slot_state::kTrainingBit) != 0;
}

Result<Taken> Client::take() {
  SlotHeader& slot = header();
  if (slot.magic != kSlotMagic || slot.version != kSlotVersion) {
    return fail(Errc::kRefused, "the slot's protocol is version " + std::to_string(slot.version) +
                                    ", this process speaks version " +
                                    std::to_string(kSlotVersion) + ": install the function again");
  }
  std::uint32_t seen = slot.state.load(std::memory_order_acquire);
  while (without_training(seen) != slot_state::kPut) {
    if (sys::futex_wait(&slot.state, seen, 0) != 0 && errno != EAGAIN && errno != EINTR) {
      return fail_errno("wait for arguments");
    }
    seen = slot.state.load(std::memory_order_acquire);
  }
  publish(slot);
  Taken taken;
  after_ = After{static_cast<std::uint8_t>(slot.after)};
  taken.request_id = {slot.request_id, slot.request_id_bytes};
  taken.deadline_ns = slot.deadline_ns;
  if (slot.arguments_fd == kInSlot) {
    taken.arguments = in_slot(slot, slot.arguments_bytes);
  } else {
    FW_TRY_ASSIGN(spilled_arguments_, map_arguments(slot.arguments_fd, slot.arguments_bytes));
    taken.arguments = {reinterpret_cast<const char*>(spilled_arguments_.data()),
                       spilled_arguments_.size()};
  }
  const std::size_t before = slot.arguments_fd == kInSlot ? slot.arguments_bytes : 0;
  taken.call_context = {
      reinterpret_cast<const char*>(payload_of(slot)) + call_context_offset(before),
      slot.call_context_bytes};
  slot.state.store(slot_state::kTaken | (seen & slot_state::kTrainingBit),
                   std::memory_order_release);
  return taken;
}

Status Client::put_to_self(std::string_view request_id, std::string_view arguments) {
  if (request_id.size() > kMaxRequestIdBytes || arguments.size() > kPayloadCapacity) {
    return fail(Errc::kBadInput,
                "a training event has at most " + std::to_string(kPayloadCapacity) +
                    " bytes, and its id " + std::to_string(kMaxRequestIdBytes) + "; this one has " +
                    std::to_string(arguments.size()) + " and " + std::to_string(request_id.size()));
  }
  SlotHeader& slot = header();
  // First, so that nobody takes the remains of the former state for an answer.
  slot.state.store(slot_state::kFree | slot_state::kTrainingBit, std::memory_order_release);
  spilled_arguments_ = Mapping();
  place_request(slot, {request_id, 0, arguments}, kInSlot);
  slot.state.store(slot_state::kPut | slot_state::kTrainingBit, std::memory_order_release);
  return {};
}

Status Client::answer(Outcome outcome, std::string_view body) {
  if (body.size() > kMaxPayload) {
    return fail(Errc::kBadInput, "the answer is " + std::to_string(body.size()) +
                                     " bytes; at most " + std::to_string(kMaxPayload) +
                                     " are allowed");
  }
  SlotHeader& slot = header();
  taken_ = false;
  const std::uint32_t training = in_training() ? slot_state::kTrainingBit : 0;
  if (without_training(slot.state.load(std::memory_order_relaxed)) == slot_state::kAnswered) {
    return fail(Errc::kInternal, "this invocation is answered already");
  }
  UniqueFd spill;
  if (body.size() > kPayloadCapacity) {
    FW_TRY_ASSIGN(spill, seal_into_memfd(body));
  } else {
    copy_bytes(payload_of(slot), body);
  }
  spilled_arguments_ = Mapping();
  slot.body_fd = spill ? spill.get() : kInSlot;
  slot.body_bytes = body.size();
  slot.outcome = static_cast<std::uint32_t>(outcome);
  note_faults(slot);
  at(slot.timeline, Instant::kAnswered) = monotonic_ns();
  slot.state.store(slot_state::kAnswered | training, std::memory_order_release);
  if (training != 0) return {};
  wake_requester(slot);
  return spill ? wait_until_fetched(slot) : Status();
}

void Client::log(Stream stream, std::string_view text) {
  SlotHeader& slot = header();
  const std::uint32_t state = slot.state.load(std::memory_order_relaxed);
  if (without_training(state) != slot_state::kAnswered) append_log(slot, stream, text);
}

void Client::set_boot(Boot boot, std::uint32_t reset_pages) {
  boot_ = boot;
  reset_pages_ = reset_pages;
}

void Client::set_jit(Jit jit) { header().jit = static_cast<std::uint32_t>(jit); }

void Client::note_jit(std::string_view note) {
  SlotHeader& slot = header();
  const std::uint32_t state = slot.state.load(std::memory_order_relaxed);
  if (without_training(state) != slot_state::kAnswered) append_jit_note(slot, note);
}

Timeline& Client::timeline() { return taken_ ? header().timeline : early_; }

// What was noted before the arguments came.
void Client::publish(SlotHeader& slot) {
  for (std::size_t i = 0; i < early_.size(); ++i) {
    if (early_[i] != 0) slot.timeline[i] = early_[i];
  }
  slot.boot = static_cast<std::uint32_t>(boot_);
  slot.reset_pages = reset_pages_;
  early_ = {};
  boot_ = Boot::kNone;
  reset_pages_ = 0;
  taken_ = true;
}

void Client::clear() {
  SlotHeader& slot = header();
  spilled_arguments_ = Mapping();
  after_ = After::kEnds;
  taken_ = false;
  early_ = {};
  place_request(slot, {}, kInSlot);
  slot.timeline = {};
  // Most of the slot was never touched: giving its pages back is cheaper than
  // writing zeros into all of them.
  std::memset(payload_of(slot), 0, kPageSize - kPayloadOffset);
  void* rest = static_cast<std::byte*>(slot_) + kPageSize;
  if (::madvise(rest, kSlotBytes - kPageSize, MADV_REMOVE) != 0) {
    std::memset(rest, 0, kSlotBytes - kPageSize);
  }
  slot.state.store(slot_state::kFree, std::memory_order_release);
}

}  // namespace fw::args
