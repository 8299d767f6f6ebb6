// Answers told by an eventfd, and fetched without waiting; and a call's context.
#include <doctest/doctest.h>
#include <poll.h>
#include <sys/eventfd.h>

#include <csignal>
#include <string>

#include "base/clock.h"
#include "tests/args/forked_clone.h"

using namespace fw;
using namespace fw::args;

namespace {

// A forked child has the same descriptors: the number in the clone is our own.
Slot slot_with_event() {
  Slot slot = Slot::create_with_event(200).value();
  REQUIRE(::dup2(slot.event_fd(), 200) == 200);
  return slot;
}

bool readable(int fd, int patience_ms) {
  pollfd ready{fd, POLLIN, 0};
  return ::poll(&ready, 1, patience_ms) == 1;
}

constexpr int kPatienceMs = 20'000;

}  // namespace

TEST_CASE("an answer is told by the event and fetched without waiting") {
  Slot slot = slot_with_event();
  Gate gate;
  Process clone = fork_clone(slot, [&](Client& client) {
    for (int i = 0; i < 3; ++i) {
      client.set_boot(Boot::kResetFast, 7);
      at(client.timeline(), Instant::kReseeded) = monotonic_ns();
      const auto taken = client.take();
      if (!taken) return 1;
      if (i == 0) gate.reach();
      if (!client.answer(Outcome::kResult, taken->arguments)) return 2;
    }
    return 0;
  });
  for (int i = 0; i < 3; ++i) {
    const std::string arguments = std::to_string(i);
    REQUIRE(slot.put({.request_id = "r", .arguments = arguments}, -1));
    if (i == 0) {
      REQUIRE(gate.wait_until_reached());
      const auto nothing = slot.poll(clone);
      REQUIRE(nothing.has_value());
      CHECK_FALSE(nothing->has_value());
      CHECK(slot.taken());
      CHECK_FALSE(readable(slot.event_fd(), 0));
      gate.open();
    }
    REQUIRE(readable(slot.event_fd(), kPatienceMs));
    eventfd_t told = 0;
    CHECK(::eventfd_read(slot.event_fd(), &told) == 0);
    CHECK(told == 1);
    const auto answer = slot.poll(clone);
    REQUIRE(answer.has_value());
    REQUIRE(answer->has_value());
    CHECK((*answer)->body == arguments);
    CHECK((*answer)->boot == Boot::kResetFast);
    CHECK((*answer)->reset_pages == 7);
    CHECK(at((*answer)->timeline, Instant::kReseeded) != 0);
  }
  CHECK(clone.wait().value()->value == 0);
  ::close(200);
}

TEST_CASE("a process that ends without an answer is told of as dead, and whether it had begun") {
  for (const bool takes : {false, true}) {
    Slot slot = slot_with_event();
    Process clone = fork_clone(slot, [takes](Client& client) {
      if (takes) (void)client.take();
      return 0;
    });
    REQUIRE(slot.put({.request_id = "r", .arguments = "1"}, -1));
    REQUIRE(readable(clone.pidfd(), kPatienceMs));
    const auto answer = slot.poll(clone);
    REQUIRE_FALSE(answer.has_value());
    CHECK(answer.error().code() == Errc::kDied);
    CHECK(slot.taken() == takes);
    ::close(200);
  }
}

TEST_CASE("an answer that was put before the end is still fetched") {
  Slot slot = slot_with_event();
  Process clone = fork_clone(slot, [](Client& client) {
    return client.take() && client.answer(Outcome::kResult, "\"late\"") ? 0 : 1;
  });
  REQUIRE(slot.put({.request_id = "r", .arguments = "1"}, -1));
  REQUIRE(readable(clone.pidfd(), kPatienceMs));
  const auto answer = slot.poll(clone);
  REQUIRE(answer.has_value());
  CHECK((*answer)->body == "\"late\"");
  ::close(200);
}

TEST_CASE("a slot that was given up is as new for the next process") {
  Slot slot = slot_with_event();
  {
    Process hangs = fork_clone(slot, [](Client& client) {
      (void)client.take();
      client.log(Stream::kStdout, "of the first");
      sleep_until_killed();
      return 0;
    });
    REQUIRE(slot.put({.request_id = "r", .arguments = "1"}, -1));
    hangs.kill_and_reap();
    slot.abandon();
  }
  REQUIRE(slot.put({.request_id = "s", .arguments = "2"}, -1));
  Process clone = fork_clone(slot, [](Client& client) {
    const auto taken = client.take();
    return taken && client.answer(Outcome::kResult, taken->arguments) ? 0 : 1;
  });
  REQUIRE(readable(clone.pidfd(), kPatienceMs));
  const auto answer = slot.poll(clone);
  REQUIRE(answer.has_value());
  CHECK((*answer)->body == "2");
  CHECK((*answer)->logs.empty());
  ::close(200);
}

TEST_CASE("a call's context arrives beside the arguments, wherever those are") {
  const std::string context = R"({"traceparent":"00-1"})";
  for (const std::size_t size : {std::size_t{0}, std::size_t{5}, kPayloadCapacity}) {
    const std::string arguments(size, '1');
    Slot slot = Slot::create().value();
    REQUIRE(slot.put({.request_id = "r", .arguments = arguments, .call_context = context},
                     kSpillTarget));
    CHECK((slot.spill_fd() >= 0) == (size == kPayloadCapacity));
    Process clone = fork_clone(slot, [&](Client& client) {
      const auto taken = client.take();
      if (!taken || taken->arguments != arguments || taken->call_context != context) return 1;
      return client.answer(Outcome::kResult, "true") ? 0 : 2;
    });
    const auto answer = slot.await(clone);
    REQUIRE_MESSAGE(answer.has_value(), answer.error().message());
    CHECK(answer->body == "true");
  }
}

TEST_CASE("a context that is too large is refused") {
  Slot slot = Slot::create().value();
  const std::string context(kMaxCallContext + 1, ' ');
  const Status put =
      slot.put({.request_id = "r", .arguments = "1", .call_context = context}, kSpillTarget);
  REQUIRE_FALSE(put.has_value());
  CHECK(put.error().code() == Errc::kBadInput);
}
