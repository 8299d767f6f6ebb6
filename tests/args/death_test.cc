// Clones that are killed at chosen instants, and deadlines.
#include <doctest/doctest.h>
#include <sys/mman.h>

#include <csignal>
#include <string>
#include <thread>

#include "args/shm/sealed_memfd.h"
#include "base/clock.h"
#include "base/syscalls.h"
#include "tests/args/forked_clone.h"

using namespace fw;
using namespace fw::args;

namespace {

Invocation small() { return {.request_id = "r", .deadline_ns = 0, .arguments = "[1]"}; }

// The slot still serves: a fresh clone echoes through it.
void check_usable(Slot& slot) {
  REQUIRE(slot.put(small(), -1));
  Process clone = fork_clone(slot, [](Client& client) {
    auto taken = client.take();
    return taken && client.answer(Outcome::kResult, taken->arguments) ? 0 : 1;
  });
  auto answer = slot.await(clone);
  REQUIRE_MESSAGE(answer.has_value(), answer.error().message());
  CHECK(answer->body == "[1]");
}

// Runs a clone up to a gate, kills it there while await() is waiting for it.
Error await_killed(Slot& slot, const std::function<void(Client&, const Gate&)>& part) {
  REQUIRE(slot.put(small(), -1));
  Gate gate;
  Process clone = fork_clone(slot, [&](Client& client) {
    part(client, gate);
    return 0;
  });
  REQUIRE(gate.wait_until_reached());
  std::thread killer([&] { (void)clone.send_signal(SIGKILL); });
  auto answer = slot.await(clone);
  killer.join();
  REQUIRE_FALSE(answer);
  return answer.error();
}

}  // namespace

TEST_CASE("a clone killed before it takes its arguments is reported dead") {
  Slot slot = Slot::create().value();
  const Error error = await_killed(slot, [](Client&, const Gate& gate) { gate.reach(); });
  CHECK(error.code() == Errc::kDied);
  CHECK(error.message().find("before it took its arguments") != std::string::npos);
  check_usable(slot);
}

TEST_CASE("what a clone logged before it was killed remains, and its instants") {
  Slot slot = Slot::create().value();
  const Error error = await_killed(slot, [](Client& client, const Gate& gate) {
    (void)client.take();
    client.log(Stream::kStdout, "out");
    client.log(Stream::kStderr, "err");
    at(client.timeline(), Instant::kResumed) = monotonic_ns();
    gate.reach();
  });
  CHECK(error.code() == Errc::kDied);
  const auto remains = slot.remains();
  REQUIRE(remains);
  CHECK(remains->outcome == Outcome::kError);
  CHECK(remains->body.empty());
  REQUIRE(remains->logs.size() == 2);
  CHECK(remains->logs[0].text == "out");
  CHECK(remains->logs[1].stream == Stream::kStderr);
  CHECK(at(remains->timeline, Instant::kResumed) != 0);
  CHECK(at(remains->timeline, Instant::kReseeded) == 0);
  check_usable(slot);
  CHECK(slot.remains()->logs.empty());
}

TEST_CASE("a clone killed while it handles its arguments is reported dead") {
  Slot slot = Slot::create().value();
  const Error error = await_killed(slot, [](Client& client, const Gate& gate) {
    if (client.take()) gate.reach();
  });
  CHECK(error.code() == Errc::kDied);
  CHECK(error.message().find("after it took its arguments") != std::string::npos);
  check_usable(slot);
}

TEST_CASE("a clone killed while it logs is reported dead, and the next log is clean") {
  Slot slot = Slot::create().value();
  const Error error = await_killed(slot, [](Client& client, const Gate& gate) {
    if (!client.take()) return;
    client.log(Stream::kStdout, "half a ");
    gate.reach();
  });
  CHECK(error.code() == Errc::kDied);
  REQUIRE(slot.put(small(), -1));
  Process clone = fork_clone(slot, [](Client& client) {
    client.log(Stream::kStderr, "new");
    return client.take() && client.answer(Outcome::kResult, "1") ? 0 : 1;
  });
  const Answer answer = slot.await(clone).value();
  REQUIRE(answer.logs.size() == 1);
  CHECK(answer.logs[0].text == "new");
}

TEST_CASE("a clone killed between sealing a large answer and announcing it is reported dead") {
  Slot slot = Slot::create().value();
  const std::string body = pattern(kPayloadCapacity + 1);
  const Error error = await_killed(slot, [&](Client& client, const Gate& gate) {
    if (!client.take()) return;
    const auto spill = seal_into_memfd(body);
    if (spill) gate.reach();
  });
  CHECK(error.code() == Errc::kDied);
  check_usable(slot);
}

TEST_CASE("a clone killed after announcing a large answer, before it was fetched, is dead") {
  Slot slot = Slot::create().value();
  REQUIRE(slot.put(small(), -1));
  const std::string body = pattern(kPayloadCapacity + 1);
  Process clone = fork_clone(slot, [&](Client& client) {
    if (!client.take()) return 1;
    return client.answer(Outcome::kResult, body) ? 0 : 2;
  });
  const MappedSlot mapped(slot);
  std::atomic<std::uint32_t>& word = mapped.header().state;
  for (std::uint32_t seen = word; seen != slot_state::kAnswered; seen = word) {
    sys::futex_wait(&word, seen, kNsPerMs);
  }
  REQUIRE(clone.send_signal(SIGKILL));
  wait_until_ended(clone);
  auto answer = slot.await(clone);
  REQUIRE_FALSE(answer);
  CHECK(answer.error().code() == Errc::kDied);
  CHECK(answer.error().message().find("before a body of") != std::string::npos);
  clone.kill_and_reap();
  check_usable(slot);
}

TEST_CASE("an answer that was put before the clone died is delivered") {
  Slot slot = Slot::create().value();
  REQUIRE(slot.put(small(), -1));
  Process clone = fork_clone(slot, [](Client& client) {
    if (!client.take() || !client.answer(Outcome::kResult, "\"last words\"")) return 1;
    ::raise(SIGKILL);
    return 2;
  });
  wait_until_ended(clone);
  SUBCASE("when it is not reaped yet") {}
  SUBCASE("when it is reaped") { CHECK(clone.wait().value()->signalled); }
  CHECK(slot.await(clone).value().body == "\"last words\"");
}

TEST_CASE("a clone that is reaped before it is awaited is reported dead") {
  Slot slot = Slot::create().value();
  REQUIRE(slot.put(small(), -1));
  Process clone = fork_clone(slot, [](Client&) { return 0; });
  REQUIRE(clone.wait().value().has_value());
  auto answer = slot.await(clone);
  REQUIRE_FALSE(answer);
  CHECK(answer.error().code() == Errc::kDied);
  check_usable(slot);
}

TEST_CASE("a clone that exits without an answer is reported dead, not late") {
  Slot slot = Slot::create().value();
  Invocation request = small();
  request.deadline_ns = 1;  // long past
  REQUIRE(slot.put(request, -1));
  Process clone = fork_clone(slot, [](Client&) { return 3; });
  wait_until_ended(clone);
  auto answer = slot.await(clone);
  REQUIRE_FALSE(answer);
  CHECK(answer.error().code() == Errc::kDied);
}

TEST_CASE("a clone that does not answer by the deadline is reported late and left running") {
  Slot slot = Slot::create().value();
  Invocation request = small();
  SUBCASE("a deadline that comes while waiting") {
    request.deadline_ns = monotonic_ns() + 5 * kNsPerMs;
  }
  SUBCASE("a deadline long past") { request.deadline_ns = 1; }
  REQUIRE(slot.put(request, -1));
  Process clone = fork_clone(slot, [](Client& client) {
    if (client.take()) sleep_until_killed();
    return 1;
  });
  auto answer = slot.await(clone);
  REQUIRE_FALSE(answer);
  CHECK(answer.error().code() == Errc::kTimeout);
  CHECK(clone.send_signal(0));
  CHECK_FALSE(clone.wait(1).value().has_value());
  clone.kill_and_reap();
  check_usable(slot);
}

TEST_CASE("an answer that is there is delivered even when awaited after the deadline") {
  Slot slot = Slot::create().value();
  Invocation request = small();
  request.deadline_ns = 1;
  REQUIRE(slot.put(request, -1));
  Process clone = fork_clone(slot, [](Client& client) {
    return client.take() && client.answer(Outcome::kResult, "1") ? 0 : 1;
  });
  wait_until_ended(clone);
  CHECK(slot.await(clone).value().body == "1");
}

TEST_CASE("a failed slot must be put to before it is awaited again") {
  Slot slot = Slot::create().value();
  REQUIRE(slot.put(small(), -1));
  Process clone = fork_clone(slot, [](Client&) { return 0; });
  CHECK_FALSE(slot.await(clone));
  auto again = slot.await(clone);
  REQUIRE_FALSE(again);
  CHECK(again.error().code() == Errc::kInternal);
}

TEST_CASE("a clone gives up when nobody fetches its large answer") {
  Slot slot = Slot::create().value();
  REQUIRE(slot.put(small(), -1));
  const MappedSlot mapped(slot);
  mapped.header().fetch_patience_ns = 5 * kNsPerMs;
  Client client(mapped.data());
  REQUIRE(client.take());
  const Status answered = client.answer(Outcome::kResult, pattern(kPayloadCapacity + 1));
  REQUIRE_FALSE(answered);
  CHECK(answered.error().code() == Errc::kTimeout);
}
