// Clones that break the protocol in a slot, one way after the other.
#include <doctest/doctest.h>
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstring>
#include <string>
#include <thread>

#include "tests/args/forked_clone.h"

using namespace fw;
using namespace fw::args;

namespace {

// What await() says about a slot that `spoil` has written to after a right answer.
Result<Answer> await_spoiled(const std::function<void(SlotHeader&)>& spoil) {
  Slot slot = Slot::create().value();
  REQUIRE(slot.put({.request_id = "r", .deadline_ns = 0, .arguments = "1"}, -1));
  const MappedSlot mapped(slot);
  Process clone = fork_child([] {
    sleep_until_killed();
    return 0;
  });
  Client client(mapped.data());
  REQUIRE(client.take());
  client.log(Stream::kStdout, "eight by");
  REQUIRE(client.answer(Outcome::kResult, "1"));
  spoil(mapped.header());
  return slot.await(clone);
}

void check_malformed(const std::function<void(SlotHeader&)>& spoil, const std::string& reason) {
  CAPTURE(reason);
  auto answer = await_spoiled(spoil);
  REQUIRE_FALSE(answer);
  CHECK(answer.error().code() == Errc::kFunction);
  CHECK_MESSAGE(answer.error().message().find(reason) != std::string::npos,
                answer.error().message());
}

LogRecordWord& first_record(SlotHeader& slot) {
  return *reinterpret_cast<LogRecordWord*>(log_of(slot));
}

}  // namespace

TEST_CASE("a slot that nobody spoiled is read") {
  const Answer answer = await_spoiled([](SlotHeader&) {}).value();
  CHECK(answer.body == "1");
  CHECK(answer.logs.size() == 1);
}

TEST_CASE("an unknown outcome is refused") {
  check_malformed([](SlotHeader& slot) { slot.outcome = 0; }, "unknown outcome 0");
  check_malformed([](SlotHeader& slot) { slot.outcome = 3; }, "unknown outcome 3");
  check_malformed([](SlotHeader& slot) { slot.outcome = 257; }, "unknown outcome 257");
}

TEST_CASE("an unknown state of the compiled code is refused") {
  check_malformed([](SlotHeader& slot) { slot.jit = 3; }, "unknown state 3 of its compiled code");
  check_malformed([](SlotHeader& slot) { slot.jit = 256; }, "unknown state 256");
  check_malformed([](SlotHeader& slot) { slot.boot = 6; }, "unknown way 6 of its start");
  check_malformed([](SlotHeader& slot) { slot.jit = ~0U; }, "unknown state 4294967295");
}

TEST_CASE("a body longer than where it lies is refused, one just as long is not") {
  check_malformed([](SlotHeader& slot) { slot.body_bytes = kPayloadCapacity + 1; },
                  "its body claims");
  check_malformed([](SlotHeader& slot) { slot.body_bytes = ~std::uint64_t{0}; }, "its body claims");
  const auto full = await_spoiled([](SlotHeader& slot) { slot.body_bytes = kPayloadCapacity; });
  CHECK(full.value().body.size() == kPayloadCapacity);
}

TEST_CASE("a body in an impossible descriptor is refused") {
  check_malformed([](SlotHeader& slot) { slot.body_fd = -2; }, "in descriptor -2");
  check_malformed([](SlotHeader& slot) { slot.body_fd = 1 << 30; }, "which is not open");
}

TEST_CASE("an unknown state is refused at once") {
  check_malformed([](SlotHeader& slot) { slot.state = 77; }, "unknown state 77");
}

TEST_CASE("log records that make no sense are refused") {
  check_malformed([](SlotHeader& slot) { first_record(slot).stream = 9; }, "unknown stream 9");
  check_malformed([](SlotHeader& slot) { first_record(slot).stream = 0; }, "unknown stream 0");
  // Beyond the stream of notes.
  check_malformed([](SlotHeader& slot) { first_record(slot).stream = kJitNoteStream + 1; },
                  "unknown stream 4");
  check_malformed([](SlotHeader& slot) { first_record(slot).mark = 4; }, "unknown mark 4");
  check_malformed([](SlotHeader& slot) { first_record(slot).text_bytes = 9; },
                  "claims 9 bytes where 8 are left");
  check_malformed(
      [](SlotHeader& slot) {
        first_record(slot).text_bytes = kLogBytes;
        slot.log_bytes_used = ~std::uint64_t{0};
      },
      "claims 262144 bytes where 262136 are left");
}

TEST_CASE("counts that would overflow are kept at the largest number") {
  const Answer answer = await_spoiled([](SlotHeader& slot) {
                          slot.log_bytes_dropped = ~std::uint64_t{0};
                          first_record(slot).mark = LogRecordWord::kWriting;
                        }).value();
  CHECK(answer.log_bytes_dropped == ~std::uint64_t{0});
}

TEST_CASE("instants that have not come yet are dropped, the requester's own is kept") {
  const Answer answer = await_spoiled([](SlotHeader& slot) {
                          slot.timeline.fill(~std::uint64_t{0});
                          at(slot.timeline, Instant::kHandler) = 5;
                        }).value();
  CHECK(at(answer.timeline, Instant::kStarted) == 0);
  CHECK(at(answer.timeline, Instant::kHandler) == 5);
  CHECK(at(answer.timeline, Instant::kRequested) != 0);
  CHECK(at(answer.timeline, Instant::kRequested) <= monotonic_ns());
}

TEST_CASE("a slot serves again after a clone overwrote all of it") {
  Slot slot = Slot::create().value();
  const MappedSlot mapped(slot);
  REQUIRE(slot.put({.request_id = "r", .deadline_ns = 0, .arguments = "1"}, -1));
  Process clone = fork_child([] {
    sleep_until_killed();
    return 0;
  });
  std::memset(mapped.data(), 0xee, slot_bytes());
  CHECK(slot.await(clone).error().code() == Errc::kFunction);
  clone.kill_and_reap();
  REQUIRE(slot.put({.request_id = "r", .deadline_ns = 0, .arguments = "2"}, -1));
  clone = fork_clone(slot, [](Client& client) {
    auto taken = client.take();
    return taken && client.answer(Outcome::kResult, taken->arguments) ? 0 : 1;
  });
  const Answer answer = slot.await(clone).value();
  CHECK(answer.body == "2");
  CHECK(answer.logs.empty());
}

TEST_CASE("a clone that spoils the magic and answers well does not hurt the next one") {
  Slot slot = Slot::create().value();
  for (int i = 0; i < 2; ++i) {
    REQUIRE(slot.put({.request_id = "r", .deadline_ns = 0, .arguments = "1"}, -1));
    Process clone = fork_clone(slot, [&](Client& client) {
      if (!client.take() || !client.answer(Outcome::kResult, "1")) return 1;
      const MappedSlot mapped(slot);
      mapped.header().magic = mapped.header().version = 0xeeee;
      return 0;
    });
    wait_until_ended(clone);
    CHECK(slot.await(clone).value().body == "1");
  }
}

TEST_CASE("a clone that steals the waiter's wake-up and dies is still noticed") {
  Slot slot = Slot::create().value();
  REQUIRE(slot.put({.request_id = "r", .deadline_ns = 0, .arguments = "1"}, -1));
  Process clone = fork_clone(slot, [&](Client& client) {
    if (!client.take()) return 1;
    const MappedSlot mapped(slot);
    std::uint32_t& word = reinterpret_cast<std::uint32_t&>(mapped.header().state);
    auto* elsewhere = reinterpret_cast<std::uint32_t*>(payload_of(mapped.header()));
    // Until the waiter is there to be moved.
    while (::syscall(SYS_futex, &word, FUTEX_CMP_REQUEUE, 0, 1, elsewhere, word) < 1) {
      ::sched_yield();
    }
    return 0;
  });
  auto answer = slot.await(clone);
  REQUIRE_FALSE(answer);
  CHECK(answer.error().code() == Errc::kDied);
  CHECK(clone.wait().value()->value == 0);
}
