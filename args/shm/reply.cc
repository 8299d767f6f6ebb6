#include "args/shm/reply.h"

#include <string>

#include "args/shm/log_area.h"

namespace fw::args {

namespace {

// The instants are the clone's word. One that has not come yet is no instant,
// and would turn into an absurd duration.
Timeline copy_timeline(const Timeline& theirs) {
  const std::uint64_t now = monotonic_ns();
  Timeline copy{};
  for (std::size_t i = 0; i < copy.size(); ++i) {
    const std::uint64_t instant = read_once(theirs[i]);
    copy[i] = instant <= now ? instant : 0;
  }
  return copy;
}

}  // namespace

Error malformed_answer(const std::string& why) {
  return {Errc::kFunction,
          "the function's process gave a malformed answer: " + why +
              "; its memory was probably overwritten, for instance by a native module"};
}

Result<Reply> read_reply(SlotHeader& slot) {
  Reply reply;
  const std::uint32_t outcome = read_once(slot.outcome);
  const std::uint64_t body_bytes = read_once(slot.body_bytes);
  reply.body_fd = read_once(slot.body_fd);

  if (outcome != static_cast<std::uint32_t>(Outcome::kResult) &&
      outcome != static_cast<std::uint32_t>(Outcome::kError)) {
    return fail(malformed_answer("unknown outcome " + std::to_string(outcome)));
  }
  if (reply.body_fd < kInSlot) {
    return fail(malformed_answer("its body is in descriptor " + std::to_string(reply.body_fd)));
  }
  const bool in_slot = reply.body_fd == kInSlot;
  if (body_bytes > (in_slot ? kPayloadCapacity : kMaxPayload)) {
    return fail(malformed_answer("its body claims " + std::to_string(body_bytes) + " bytes"));
  }
  reply.body_bytes = body_bytes;

  FW_TRY_ASSIGN(reply.answer, read_remains(slot));
  Answer& answer = reply.answer;
  answer.outcome = Outcome{static_cast<std::uint8_t>(outcome)};
  if (in_slot) {
    answer.body.assign(reinterpret_cast<const char*>(payload_of(slot)), reply.body_bytes);
  }
  const std::uint32_t jit = read_once(slot.jit);
  if (jit > static_cast<std::uint32_t>(Jit::kLost)) {
    return fail(malformed_answer("unknown state " + std::to_string(jit) + " of its compiled code"));
  }
  answer.jit = Jit{static_cast<std::uint8_t>(jit)};
  const std::uint32_t boot = read_once(slot.boot);
  if (boot > static_cast<std::uint32_t>(Boot::kResetFull)) {
    return fail(malformed_answer("unknown way " + std::to_string(boot) + " of its start"));
  }
  answer.boot = Boot{static_cast<std::uint8_t>(boot)};
  answer.reset_pages = read_once(slot.reset_pages);
  answer.minor_faults = read_once(slot.minor_faults);
  answer.major_faults = read_once(slot.major_faults);
  return reply;
}

Result<Answer> read_remains(SlotHeader& slot) {
  auto log = copy_log(slot);
  if (!log) return fail(malformed_answer(log.error().message()));
  Answer answer;
  answer.logs = std::move(log->entries);
  answer.jit_notes = std::move(log->jit_notes);
  answer.log_bytes_dropped = log->bytes_dropped;
  answer.timeline = copy_timeline(slot.timeline);
  return answer;
}

}  // namespace fw::args
