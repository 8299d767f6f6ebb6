// Slots are used again and again, and nothing grows.
#include <doctest/doctest.h>

#include <string>

#include "tests/args/forked_clone.h"
#include "tests/args/resources.h"

using namespace fw;
using namespace fw::args;

namespace {

int serve(Client& client, int invocations) {
  for (int i = 0; i < invocations; ++i) {
    auto taken = client.take();
    if (!taken) return 1;
    client.log(Stream::kStdout, taken->arguments.substr(0, 100));
    if (!client.answer(Outcome::kResult, taken->arguments)) return 2;
  }
  return 0;
}

}  // namespace

TEST_CASE("10,000 invocations of one clone through one slot leave nothing behind") {
  constexpr int kInvocations = 10'000;
  Slot slot = Slot::create().value();
  Process clone = fork_clone(slot, [](Client& client) { return serve(client, kInvocations); });
  const std::string large = pattern(kPayloadCapacity);
  std::size_t descriptors = 0;
  std::size_t maps = 0;
  std::size_t memory = 0;
  int wrong = 0;
  for (int i = 0; i < kInvocations; ++i) {
    // Mostly small; every hundredth fills the slot.
    const std::string small = "[" + std::to_string(i) + "]";
    const std::string& arguments = i % 100 == 0 ? large : small;
    REQUIRE(slot.put({.request_id = small, .deadline_ns = 0, .arguments = arguments}, -1));
    auto answer = slot.await(clone);
    REQUIRE_MESSAGE(answer.has_value(), answer.error().message());
    if (answer->body != arguments || answer->logs.size() != 1 ||
        answer->logs[0].text != arguments.substr(0, 100)) {
      ++wrong;
    }
    if (i == 9) {
      descriptors = open_descriptors();
      maps = mappings("");
      memory = memory_of(slot.memory_fd());
    }
  }
  CHECK(wrong == 0);
  CHECK(open_descriptors() == descriptors);
  CHECK(mappings("memfd:fwrun") == 1);
  CHECK(mappings("") <= maps + 8);  // malloc may have moved its own
  CHECK(memory_of(slot.memory_fd()) <= memory + 64 * 1024);
  CHECK(clone.wait().value()->value == 0);
}

TEST_CASE("a small invocation costs one page of memory, and one more when it logs") {
  Slot slot = Slot::create().value();
  Process clone = fork_clone(slot, [](Client& client) {
    auto taken = client.take();
    if (!taken || !client.answer(Outcome::kResult, "1")) return 1;
    return serve(client, 1);
  });
  REQUIRE(slot.put({.request_id = "r", .deadline_ns = 0, .arguments = pattern(3000)}, -1));
  REQUIRE(slot.await(clone));
  CHECK(memory_of(slot.memory_fd()) == kPageSize);
  REQUIRE(slot.put({.request_id = "r", .deadline_ns = 0, .arguments = pattern(3000)}, -1));
  REQUIRE(slot.await(clone));
  CHECK(memory_of(slot.memory_fd()) == 2 * kPageSize);
}

TEST_CASE("a slot serves clones that answer, die, are late and spill, without growth") {
  Slot slot = Slot::create().value();
  const std::string large = pattern(kPayloadCapacity + 1);
  std::size_t descriptors = 0;
  for (int i = 0; i < 200; ++i) {
    CAPTURE(i);
    const int kind = i % 4;
    const std::string& arguments = kind == 3 ? large : std::string("1");
    REQUIRE(slot.put({.request_id = "r",
                      .deadline_ns = kind == 2 ? monotonic_ns() + kNsPerMs : 0,
                      .arguments = arguments},
                     kSpillTarget));
    Process clone = fork_clone(slot, [&](Client& client) {
      if (kind == 1) return 9;
      if (kind == 2) sleep_until_killed();
      return serve(client, 1);
    });
    auto answer = slot.await(clone);
    if (kind == 1) CHECK(answer.error().code() == Errc::kDied);
    if (kind == 2) CHECK(answer.error().code() == Errc::kTimeout);
    if (kind == 0 || kind == 3) CHECK(answer.value().body == arguments);
    clone.kill_and_reap();
    if (i == 3) descriptors = open_descriptors();
  }
  CHECK(open_descriptors() == descriptors);
  CHECK(mappings("memfd:fwrun") == 1);
  CHECK(memory_of(slot.memory_fd()) <= 64 * 1024);
}

TEST_CASE("a destroyed slot gives its descriptor and its mapping back") {
  const std::size_t descriptors = open_descriptors();
  {
    Slot slot = Slot::create().value();
    REQUIRE(
        slot.put({.request_id = "", .deadline_ns = 0, .arguments = pattern(kPayloadCapacity + 1)},
                 kSpillTarget));
    Slot moved = std::move(slot);
    CHECK(open_descriptors() == descriptors + 2);
    CHECK(mappings("memfd:fwrun") == 1);
  }
  CHECK(open_descriptors() == descriptors);
  CHECK(mappings("memfd:fwrun") == 0);
}
