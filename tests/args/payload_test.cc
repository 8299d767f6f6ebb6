// Payloads of every size class, both ways, between two real processes.
#include <doctest/doctest.h>

#include <array>
#include <string>

#include "tests/args/forked_clone.h"

using namespace fw;
using namespace fw::args;

namespace {

constexpr std::array<std::size_t, 7> kSizes = {
    0, 1, kPayloadCapacity - 1, kPayloadCapacity, kPayloadCapacity + 1, 8'000'000, kMaxPayload};

Invocation invocation(std::string_view arguments) {
  return {.request_id = "request-1", .deadline_ns = 0, .arguments = arguments};
}

int echo(Client& client) {
  auto taken = client.take();
  if (!taken) return 1;
  return client.answer(Outcome::kResult, taken->arguments) ? 0 : 2;
}

}  // namespace

TEST_CASE("arguments and results of every size class arrive whole") {
  for (const std::size_t size : kSizes) {
    CAPTURE(size);
    Slot slot = Slot::create().value();
    const std::string arguments = pattern(size);
    REQUIRE(slot.put(invocation(arguments), kSpillTarget));
    CHECK((slot.spill_fd() >= 0) == (size > kPayloadCapacity));
    Process clone = fork_clone(slot, echo);
    auto answer = slot.await(clone);
    REQUIRE_MESSAGE(answer.has_value(), answer.error().message());
    CHECK(answer->outcome == Outcome::kResult);
    CHECK(answer->body.size() == size);
    CHECK(answer->body == arguments);
    CHECK(slot.spill_fd() == -1);
    const auto ended = clone.wait().value();
    REQUIRE(ended.has_value());
    CHECK(ended->value == 0);
  }
}

TEST_CASE("a small request may have a large result, and a large one a small result") {
  const std::string large = pattern(kPayloadCapacity + 1);
  Slot slot = Slot::create().value();
  REQUIRE(slot.put(invocation("{}"), -1));
  Process clone = fork_clone(slot, [&](Client& client) {
    if (!client.take()) return 1;
    return client.answer(Outcome::kResult, large) ? 0 : 2;
  });
  auto answer = slot.await(clone);
  REQUIRE_MESSAGE(answer.has_value(), answer.error().message());
  CHECK(answer->body == large);

  REQUIRE(slot.put(invocation(large), kSpillTarget));
  clone = fork_clone(slot, [&](Client& client) {
    auto taken = client.take();
    if (!taken || taken->arguments != large) return 1;
    return client.answer(Outcome::kResult, "3") ? 0 : 2;
  });
  answer = slot.await(clone);
  REQUIRE_MESSAGE(answer.has_value(), answer.error().message());
  CHECK(answer->body == "3");
}

TEST_CASE("a result that is a part of the arguments is answered unharmed") {
  for (const std::size_t size : {std::size_t{5000}, kPayloadCapacity, kMaxPayload}) {
    CAPTURE(size);
    const std::string arguments = pattern(size);
    Slot slot = Slot::create().value();
    REQUIRE(slot.put(invocation(arguments), kSpillTarget));
    Process clone = fork_clone(slot, [](Client& client) {
      auto taken = client.take();
      if (!taken) return 1;
      return client.answer(Outcome::kResult, taken->arguments.substr(1000, 3000)) ? 0 : 2;
    });
    auto answer = slot.await(clone);
    REQUIRE_MESSAGE(answer.has_value(), answer.error().message());
    CHECK(answer->body == arguments.substr(1000, 3000));
  }
}

TEST_CASE("arguments of more than 64 MB are refused and leave the slot free") {
  Slot slot = Slot::create().value();
  const std::string too_large(kMaxPayload + 1, 'x');
  auto put = slot.put(invocation(too_large), kSpillTarget);
  REQUIRE_FALSE(put);
  CHECK(put.error().code() == Errc::kBadInput);
  CHECK(put.error().message().find("67108865 bytes; at most 67108864") != std::string::npos);
  CHECK(slot.spill_fd() == -1);

  REQUIRE(slot.put(invocation("1"), -1));
  Process clone = fork_clone(slot, echo);
  CHECK(slot.await(clone).value().body == "1");
}

TEST_CASE("a result of more than 64 MB is refused to the clone, which can answer otherwise") {
  Slot slot = Slot::create().value();
  REQUIRE(slot.put(invocation("1"), -1));
  const std::string too_large(kMaxPayload + 1, 'x');
  Process clone = fork_clone(slot, [&](Client& client) {
    if (!client.take()) return 1;
    const Status refused = client.answer(Outcome::kResult, too_large);
    if (refused || refused.error().code() != Errc::kBadInput) return 2;
    return client.answer(Outcome::kError, refused.error().message()) ? 0 : 3;
  });
  auto answer = slot.await(clone);
  REQUIRE_MESSAGE(answer.has_value(), answer.error().message());
  CHECK(answer->outcome == Outcome::kError);
  CHECK(answer->body.find("67108865 bytes; at most 67108864") != std::string::npos);
}

TEST_CASE("arguments that do not fit need a descriptor number") {
  Slot slot = Slot::create().value();
  auto put = slot.put(invocation(pattern(kPayloadCapacity + 1)), -1);
  REQUIRE_FALSE(put);
  CHECK(put.error().code() == Errc::kBadInput);
  CHECK(slot.put(invocation(pattern(kPayloadCapacity)), -1));
}

TEST_CASE("a request id of more than 63 bytes is refused, one of 63 arrives") {
  Slot slot = Slot::create().value();
  Invocation request{.request_id = std::string(64, 'r'), .deadline_ns = 7, .arguments = ""};
  auto put = slot.put(request, -1);
  REQUIRE_FALSE(put);
  CHECK(put.error().code() == Errc::kBadInput);

  request.request_id.pop_back();
  request.deadline_ns = monotonic_ns() + 60 * kNsPerSecond;
  REQUIRE(slot.put(request, -1));
  Process clone = fork_clone(slot, [&](Client& client) {
    auto taken = client.take();
    if (!taken || taken->request_id != request.request_id) return 1;
    if (taken->deadline_ns != request.deadline_ns) return 2;
    return client.answer(Outcome::kResult, "null") ? 0 : 3;
  });
  CHECK(slot.await(clone).value().body == "null");
}

TEST_CASE("arguments put after the clone began to wait reach it") {
  Slot slot = Slot::create().value();
  Gate gate;
  Process clone = fork_clone(slot, [&](Client& client) {
    gate.pass();
    return echo(client);
  });
  REQUIRE(gate.wait_until_reached());
  REQUIRE(slot.put(invocation("[1,2]"), -1));
  CHECK(slot.await(clone).value().body == "[1,2]");
}

TEST_CASE("an answer brings the clone's faults and instants") {
  Slot slot = Slot::create().value();
  const std::uint64_t before = monotonic_ns();
  REQUIRE(slot.put(invocation("{}"), -1));
  Process clone = fork_clone(slot, [](Client& client) {
    if (!client.take()) return 1;
    at(client.timeline(), Instant::kHandler) = monotonic_ns();
    at(client.timeline(), Instant::kHandled) = monotonic_ns();
    return client.answer(Outcome::kResult, "0") ? 0 : 2;
  });
  const Answer answer = slot.await(clone).value();
  CHECK(answer.minor_faults > 0);
  CHECK(before <= at(answer.timeline, Instant::kRequested));
  CHECK(at(answer.timeline, Instant::kRequested) <= at(answer.timeline, Instant::kHandler));
  CHECK(at(answer.timeline, Instant::kHandler) <= at(answer.timeline, Instant::kHandled));
  CHECK(at(answer.timeline, Instant::kHandled) <= at(answer.timeline, Instant::kAnswered));
  CHECK(at(answer.timeline, Instant::kAnswered) <= monotonic_ns());
  CHECK(at(answer.timeline, Instant::kStarted) == 0);
}

TEST_CASE("a slot has one invocation under way at a time") {
  Slot slot = Slot::create().value();
  REQUIRE(slot.put(invocation("1"), -1));
  auto second = slot.put(invocation("2"), -1);
  REQUIRE_FALSE(second);
  CHECK(second.error().code() == Errc::kInternal);
  Process clone = fork_clone(slot, echo);
  CHECK(slot.await(clone).value().body == "1");
}
