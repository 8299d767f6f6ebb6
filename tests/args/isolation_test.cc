// A clone reaches its own slot and no other.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <unistd.h>

#include <string>
#include <thread>

#include "tests/args/forked_clone.h"
#include "tests/args/resources.h"

using namespace fw;
using namespace fw::args;

TEST_CASE("two clones at work at once see their own arguments and one slot each") {
  Slot slots[2] = {Slot::create().value(), Slot::create().value()};
  Gate gates[2];
  Process clones[2];
  for (int i = 0; i < 2; ++i) {
    const std::string arguments = "\"secret " + std::to_string(i) + "\"";
    REQUIRE(slots[i].put({.request_id = "r", .deadline_ns = 0, .arguments = arguments}, -1));
  }
  for (int i = 0; i < 2; ++i) {
    clones[i] = fork_clone(slots[i], [&, i](Client& client) {
      auto taken = client.take();
      if (!taken) return 1;
      const std::string own(taken->arguments);
      if (mappings("memfd:fwrun-slot") != 1) return 2;
      client.log(Stream::kStdout, own);
      gates[i].reach();  // both have taken and logged, none has answered
      return client.answer(Outcome::kResult, own) ? 0 : 3;
    });
  }
  for (Gate& gate : gates) REQUIRE(gate.wait_until_reached());
  for (const Gate& gate : gates) gate.open();
  for (int i = 0; i < 2; ++i) {
    auto answer = slots[i].await(clones[i]);
    REQUIRE_MESSAGE(answer.has_value(), answer.error().message());
    CHECK(answer->body == "\"secret " + std::to_string(i) + "\"");
    REQUIRE(answer->logs.size() == 1);
    CHECK(answer->logs[0].text == answer->body);
  }
}

TEST_CASE("a slot's mapping is not inherited by forked children") {
  Slot slot = Slot::create().value();
  REQUIRE(mappings("memfd:fwrun-slot") == 1);
  Process child = fork_child([] { return mappings("memfd:fwrun-slot") == 0 ? 0 : 1; });
  CHECK(child.wait().value()->value == 0);
}

TEST_CASE("a clone with the slot's descriptor cannot change its size or seal it further") {
  Slot slot = Slot::create().value();
  Process child = fork_child([&] {
    const int fd = slot.memory_fd();
    if (::ftruncate(fd, 4096) == 0) return 1;
    if (::ftruncate(fd, 2 << 20) == 0) return 2;
    if (::fcntl(fd, F_ADD_SEALS, F_SEAL_FUTURE_WRITE) == 0) return 3;
    return 0;
  });
  CHECK(child.wait().value()->value == 0);
}

TEST_CASE("a clone that empties the slot's memory under our hands gets an error, not our life") {
  Slot slot = Slot::create().value();
  REQUIRE(slot.put({.request_id = "r", .deadline_ns = 0, .arguments = pattern(100'000)}, -1));
  Process clone = fork_clone(slot, [&](Client& client) {
    if (!client.take()) return 1;
    return ::fallocate(slot.memory_fd(), FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0,
                       static_cast<off_t>(slot_bytes()));
  });
  auto answer = slot.await(clone);
  REQUIRE_FALSE(answer);
  CHECK(answer.error().code() == Errc::kDied);
}
