#include "pool/clone.h"

#include <poll.h>

#include <algorithm>
#include <csignal>
#include <utility>

#include "args/shm/layout.h"
#include "base/clock.h"
#include "embed/job.h"
#include "store/request_id.h"

namespace fw::pool {

namespace {

double milliseconds(std::uint64_t from, std::uint64_t to) {
  return to > from && from != 0 ? static_cast<double>(to - from) / kNsPerMs : 0;
}

}  // namespace

Result<std::unique_ptr<Clone>> Clone::create(std::shared_ptr<const LoadedVersion> version,
                                             bool check_resets) {
  FW_TRY_ASSIGN(store::Output output, store::Output::create());
  FW_TRY_ASSIGN(args::Slot slot, args::Slot::create_with_event(version->first_free_fd));
  auto clone =
      std::unique_ptr<Clone>(new Clone(std::move(slot), std::move(output), std::move(version)));
  clone->restore_flags_ = FW_RESTORE_RESETTABLE;
  if (check_resets) clone->restore_flags_ |= FW_RESTORE_CHECK_RESETS;
  return clone;
}

void Clone::fill(Order& order) const {
  const int first_free = version->first_free_fd;
  order.fds = {{{version->null.get(), 0},
                {output_.out.get(), 1},
                {output_.err.get(), 2},
                {slot_.event_fd(), first_free},
                {slot_.spill_fd(), first_free + 1}}};
  order.slot = {embed::kSlotTag, slot_.memory_fd(), 0};
  fw_restore_request& request = order.request;
  request.image_fd = version->image.get();
  request.flags = teaches ? std::uint32_t{FW_RESTORE_TEACHES} : restore_flags_;
  request.pid_mode = FW_RESTORE_PID_NAMESPACE;
  request.fds = order.fds.data();
  request.fd_count = slot_.spill_fd() >= 0 ? order.fds.size() : order.fds.size() - 1;
  request.externals = &order.slot;
  request.external_count = 1;
  request.pack_fd = std::max(version->pack.get(), 0);
  request.restorer_path = version->restorer.c_str();
  request.parent_death_signal = SIGKILL;
}

Status Clone::put(Pending& pending, args::After its_after) {
  if (pending.call.request_id.empty()) pending.call.request_id = store::new_request_id();
  timeout_ms_ =
      pending.call.timeout_ms != 0 ? pending.call.timeout_ms : version->manifest.timeout_ms;
  deadline_ns_ = monotonic_ns() + timeout_ms_ * kNsPerMs;
  // A descriptor for arguments that do not fit is handed over once only.
  after = fits_a_running_one(pending.call) ? its_after : args::After::kEnds;
  const int spill_target = process_.running() ? -1 : version->first_free_fd + 1;
  FW_TRY(slot_.put({pending.call.request_id, deadline_ns_, pending.call.arguments, after,
                    pending.call.call_context},
                   spill_target));
  requested_ns_ = pending.arrived_ns;
  pending_ = std::move(pending);
  return {};
}

Pending Clone::take_pending() {
  Pending taken = std::move(*pending_);
  pending_.reset();
  return taken;
}

Result<std::optional<Served>> Clone::poll() {
  if (!busy()) return std::nullopt;
  Result<std::optional<args::Answer>> answer = slot_.poll(process_);
  if (answer && !*answer) return std::nullopt;
  if (!answer && answer.error().code() == Errc::kDied) {
    FW_TRY_ASSIGN(Served result, without_answer());
    return std::optional<Served>(std::move(result));
  }
  store::Invoked invoked;
  if (answer) {
    ran_ = true;
    store::fill_answer(invoked, std::move(**answer));
    subtract_earlier_faults(invoked);
  } else {
    process_.kill_and_reap();
    if (answer.error().code() != Errc::kFunction) return fail(std::move(answer).error());
    store::fill_malformed(invoked, answer.error());
  }
  output_.take(invoked);
  return std::optional<Served>(served(std::move(invoked)));
}

Served Clone::time_out() {
  process_.kill_and_reap();
  store::Invoked invoked;
  store::fill_remains(invoked, slot_.remains());
  slot_.abandon();
  store::fill_timed_out(invoked, timeout_ms_);
  output_.take(invoked);
  return served(std::move(invoked));
}

Result<ExitStatus> Clone::reap() {
  FW_TRY_ASSIGN(const std::optional<ExitStatus> ended_as, process_.wait());
  return *ended_as;
}

bool Clone::fits_a_running_one(const Call& call) {
  return args::call_context_offset(call.arguments.size()) + call.call_context.size() <=
         args::kPayloadCapacity;
}

bool Clone::ended() const {
  if (!process_.running()) return true;
  pollfd end{process_.pidfd(), POLLIN, 0};
  return ::poll(&end, 1, 0) == 1;
}

// The process ended without an answer.
Result<Served> Clone::without_answer() {
  FW_TRY_ASSIGN(const ExitStatus status, reap());
  store::Invoked invoked;
  store::fill_remains(invoked, slot_.remains());
  FW_TRY(store::fill_ended(invoked, status, output_, ran_));
  output_.take(invoked);
  return served(std::move(invoked));
}

void Clone::subtract_earlier_faults(store::Invoked& invoked) {
  const auto since = [](std::uint64_t& count, std::uint64_t& before) {
    const std::uint64_t now = count;
    count = now > before ? now - before : 0;
    before = now;
  };
  since(invoked.minor_faults, minor_faults_);
  since(invoked.major_faults, major_faults_);
}

Served Clone::served(store::Invoked invoked) const {
  using args::Instant;
  Served result;
  invoked.received_ns = monotonic_ns();
  invoked.request_id = pending_->call.request_id;
  invoked.tier = kTierNames[static_cast<std::size_t>(tier)];
  // What lies before the request belongs to the reset that went before.
  for (std::uint64_t& instant : invoked.timeline) {
    if (instant < requested_ns_) instant = 0;
  }
  at(invoked.timeline, Instant::kRequested) = requested_ns_;
  const std::uint64_t handler = at(invoked.timeline, Instant::kHandler);
  const std::uint64_t answered = at(invoked.timeline, Instant::kAnswered);
  result.billed_ms = milliseconds(handler != 0 ? handler : requested_ns_,
                                  answered != 0 ? answered : invoked.received_ns);
  if (tier != Tier::kHot) result.restore_ms = milliseconds(requested_ns_, handler);
  result.version = version->manifest.version;
  result.memory_mb = version->manifest.memory_mb;
  result.private_bytes = std::uint64_t{invoked.reset_pages} * 4096;
  result.invoked = std::move(invoked);
  return result;
}

}  // namespace fw::pool
