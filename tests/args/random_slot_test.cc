// Slots full of random bytes, with a fixed seed: the requester reads them or says
// what is wrong, and never reads outside.
#include <doctest/doctest.h>

#include <cstdlib>
#include <cstring>
#include <map>
#include <memory>
#include <string>

#include "args/shm/reply.h"
#include "tests/args/forked_clone.h"
#include "tests/args/random_bytes.h"
#include "tests/args/resources.h"

using namespace fw;
using namespace fw::args;

namespace {

// Random bytes that look enough like an answer to get far: each field is valid
// with some probability.
void scribble(SlotHeader& slot, RandomBytes& random) {
  random.fill(reinterpret_cast<std::byte*>(&slot) + offsetof(SlotHeader, request_id_bytes),
              sizeof(SlotHeader) - offsetof(SlotHeader, request_id_bytes));
  if (random.below(4) != 0) slot.outcome = static_cast<std::uint32_t>(1 + random.below(2));
  if (random.below(8) != 0) slot.body_fd = static_cast<std::int32_t>(random.below(12)) - 2;
  if (random.below(2) != 0) slot.body_fd = kInSlot;
  if (random.below(4) != 0) slot.jit = static_cast<std::uint32_t>(random.below(4));
  if (random.below(4) != 0) slot.boot = static_cast<std::uint32_t>(random.below(7));
  if (random.below(4) != 0) slot.body_bytes = random.below(2000);
  if (random.below(4) != 0) slot.log_bytes_used = random.below(600);
  random.fill(payload_of(slot), 256);
  random.fill(log_of(slot), 640);
  for (std::size_t at = 0; at < 600 && random.below(8) != 0;) {
    const LogRecordWord word{
        static_cast<std::uint32_t>(random.below(40)),
        static_cast<std::uint8_t>(random.below(16) != 0 ? 1 + random.below(3) : random.next()),
        static_cast<std::uint8_t>(random.below(16) != 0 ? 2 : random.below(5)),
        static_cast<std::uint16_t>(random.next())};
    std::memcpy(log_of(slot) + at, &word, sizeof word);
    at += sizeof word + (word.text_bytes + 7) / 8 * 8;
  }
}

void check_within_bounds(const Answer& answer) {
  const bool known = answer.outcome == Outcome::kResult || answer.outcome == Outcome::kError;
  std::size_t log_bytes = 0;
  bool streams = true;
  for (const LogEntry& entry : answer.logs) {
    log_bytes += entry.text.size();
    streams = streams && (entry.stream == Stream::kStdout || entry.stream == Stream::kStderr);
  }
  for (const std::string& note : answer.jit_notes) log_bytes += note.size();
  const bool jit =
      answer.jit == Jit::kNothing || answer.jit == Jit::kPostJit || answer.jit == Jit::kLost;
  const bool boot = answer.boot <= Boot::kResetFull;
  const std::uint64_t now = monotonic_ns();
  bool instants = true;
  for (const std::uint64_t instant : answer.timeline) instants = instants && instant <= now;
  if (!known || !jit || !boot || !streams || !instants || log_bytes > kLogBytes ||
      answer.body.size() > kMaxPayload) {
    FAIL("an answer out of bounds was let through");
  }
}

}  // namespace

TEST_CASE("200,000 random slots are read within bounds or refused with a reason") {
  // Exactly as large as a slot, so that a sanitizer sees the first byte beyond.
  const std::unique_ptr<void, decltype(&std::free)> memory(std::aligned_alloc(4096, kSlotBytes),
                                                           std::free);
  SlotHeader& slot = *static_cast<SlotHeader*>(memory.get());
  RandomBytes random(20240229);
  int accepted = 0;
  int refused = 0;
  for (int i = 0; i < 200'000; ++i) {
    if (i % 1000 == 0) {
      random.fill(memory.get(), kSlotBytes);
      slot.outcome = 1;
      slot.body_fd = kInSlot;
      slot.body_bytes = kPayloadCapacity;
    } else {
      scribble(slot, random);
    }
    auto reply = read_reply(slot);
    if (reply) {
      ++accepted;
      check_within_bounds(reply->answer);
    } else {
      ++refused;
      REQUIRE(reply.error().code() == Errc::kFunction);
      REQUIRE(reply.error().message().find("malformed answer: ") != std::string::npos);
    }
  }
  CHECK(accepted > 1000);
  CHECK(refused > 1000);
}

TEST_CASE("20,000 random slots of a live clone never harm the requester") {
  Slot slot = Slot::create().value();
  const MappedSlot mapped(slot);
  Process clone = fork_child([] {
    sleep_until_killed();
    return 0;
  });
  RandomBytes random(7);
  std::map<Errc, int> outcomes;
  int accepted = 0;
  std::size_t descriptors = 0;
  for (int i = 0; i < 20'000; ++i) {
    CAPTURE(i);
    REQUIRE(slot.put({.request_id = "r", .deadline_ns = 1, .arguments = "1"}, -1));
    scribble(mapped.header(), random);
    const bool random_state = random.below(8) == 0;
    mapped.header().state =
        random_state ? static_cast<std::uint32_t>(random.next()) : slot_state::kAnswered;
    auto answer = slot.await(clone);
    if (answer) {
      ++accepted;
      check_within_bounds(*answer);
    } else {
      ++outcomes[answer.error().code()];
    }
    if (i == 10) descriptors = open_descriptors();
  }
  CHECK(accepted > 100);
  CHECK(outcomes[Errc::kFunction] > 1000);
  CHECK(accepted + outcomes[Errc::kFunction] + outcomes[Errc::kTimeout] == 20'000);
  CHECK(open_descriptors() == descriptors);
}
