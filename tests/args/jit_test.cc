// How an invocation says whether it ran compiled code, and clones that stay.
#include <doctest/doctest.h>

#include <string>

#include "args/shm/log_area.h"
#include "args/shm/reply.h"
#include "tests/args/allocations.h"
#include "tests/args/forked_clone.h"

using namespace fw;
using namespace fw::args;

namespace {

constexpr char kNote[] = R"({"function":"add","reason":"not a Smi"})";

Invocation request(std::string_view arguments, After after = After::kEnds) {
  return {.request_id = "r", .deadline_ns = 0, .arguments = arguments, .after = after};
}

// What a clone answers after `part`.
Answer answer_after(const std::function<void(Client&)>& part) {
  Slot slot = Slot::create().value();
  REQUIRE(slot.put(request(""), -1));
  Process clone = fork_clone(slot, [&](Client& client) {
    if (!client.take()) return 1;
    part(client);
    return client.answer(Outcome::kResult, "1") ? 0 : 2;
  });
  auto answer = slot.await(clone);
  REQUIRE_MESSAGE(answer.has_value(), answer.error().message());
  return std::move(*answer);
}

}  // namespace

TEST_CASE("the state of the compiled code travels with the answer") {
  for (const Jit jit : {Jit::kNothing, Jit::kPostJit, Jit::kLost}) {
    CHECK(answer_after([&](Client& client) { client.set_jit(jit); }).jit == jit);
  }
  CHECK(answer_after([](Client&) {}).jit == Jit::kNothing);
  CHECK(answer_after([](Client& client) {
          client.set_jit(Jit::kPostJit);
          client.set_jit(Jit::kLost);
        }).jit == Jit::kLost);
}

TEST_CASE("notes travel in their order, and are no console output") {
  const Answer answer = answer_after([](Client& client) {
    client.log(Stream::kStdout, "one");
    client.note_jit(kNote);
    client.log(Stream::kStderr, "two");
    client.note_jit("second");
    client.note_jit("");
    client.set_jit(Jit::kLost);
  });
  CHECK(answer.jit == Jit::kLost);
  REQUIRE(answer.jit_notes.size() == 3);
  CHECK(answer.jit_notes[0] == kNote);
  CHECK(answer.jit_notes[1] == "second");
  CHECK(answer.jit_notes[2].empty());
  REQUIRE(answer.logs.size() == 2);
  CHECK(answer.logs[0].text == "one");
  CHECK(answer.logs[1].text == "two");
  CHECK(answer.log_bytes_dropped == 0);
}

TEST_CASE("a note after the answer belongs to no invocation") {
  Slot slot = Slot::create().value();
  REQUIRE(slot.put(request(""), -1));
  Process clone = fork_clone(slot, [](Client& client) {
    if (!client.take() || !client.answer(Outcome::kResult, "1")) return 1;
    client.note_jit("too late");
    return 0;
  });
  wait_until_ended(clone);
  CHECK(slot.await(clone).value().jit_notes.empty());
}

TEST_CASE("notes that find no room are dropped and counted") {
  const Answer answer = answer_after([](Client& client) {
    client.log(Stream::kStdout, pattern(kLogBytes - 2 * sizeof(LogRecordWord) - 8));
    client.note_jit(kNote);
    client.note_jit(kNote);
    client.set_jit(Jit::kLost);
  });
  CHECK(answer.jit == Jit::kLost);
  REQUIRE(answer.jit_notes.size() == 1);
  CHECK(answer.jit_notes[0] == std::string(kNote).substr(0, 8));
  CHECK(answer.log_bytes_dropped == 2 * std::string(kNote).size() - 8);
}

TEST_CASE("saying how compiled code was met costs no heap allocation") {
  Slot slot = Slot::create().value();
  const MappedSlot mapped(slot);
  Client client(mapped.data());
  REQUIRE(slot.put(request("1"), -1));
  const long before = allocations();
  bool all_right = client.take().has_value();
  client.note_jit(kNote);
  client.set_jit(Jit::kLost);
  all_right = all_right && client.answer(Outcome::kResult, "1").has_value() &&
              client.after() == After::kEnds;
  CHECK(allocations() == before);
  CHECK(all_right);
}

TEST_CASE("what a clone that died had noted can still be read") {
  Slot slot = Slot::create().value();
  REQUIRE(slot.put(request(""), -1));
  Process clone = fork_clone(slot, [](Client& client) {
    if (!client.take()) return 1;
    client.note_jit(kNote);
    return 0;
  });
  CHECK(slot.await(clone).error().code() == Errc::kDied);
  const Answer remains = slot.remains().value();
  REQUIRE(remains.jit_notes.size() == 1);
  CHECK(remains.jit_notes[0] == kNote);
}

TEST_CASE("a clone sees whether it is to stay, with the arguments it took") {
  Slot slot = Slot::create().value();
  Process clone = fork_clone(slot, [](Client& client) {
    if (client.after() == After::kStays) return 1;
    std::size_t served = 0;
    do {
      auto taken = client.take();
      if (!taken || !client.answer(Outcome::kResult, taken->arguments)) return 2;
      ++served;
    } while (client.after() == After::kStays);
    return static_cast<int>(10 + served);
  });
  REQUIRE(slot.put(request("1", After::kStays), -1));
  CHECK(slot.await(clone).value().body == "1");
  REQUIRE(slot.put(request("2", After::kStays), -1));
  CHECK(slot.await(clone).value().body == "2");
  // The next request does not ask for it again.
  REQUIRE(slot.put(request("3"), -1));
  CHECK(slot.await(clone).value().body == "3");
  CHECK(clone.wait().value()->value == 13);
}

TEST_CASE("a request that follows at once does not change what the answered one wanted") {
  Slot slot = Slot::create().value();
  const MappedSlot mapped(slot);
  Client client(mapped.data());
  Process clone = fork_child([] {
    sleep_until_killed();
    return 0;
  });
  REQUIRE(slot.put(request("1", After::kStays), -1));
  REQUIRE(client.take());
  REQUIRE(client.answer(Outcome::kResult, "1"));
  REQUIRE(slot.await(clone));
  REQUIRE(slot.put(request("2"), -1));
  CHECK(client.after() == After::kStays);
  REQUIRE(client.take());
  CHECK(client.after() == After::kEnds);
  REQUIRE(client.answer(Outcome::kResult, "2"));
  REQUIRE(slot.await(clone));
  REQUIRE(slot.put(request("3", After::kStays), -1));
  CHECK(client.after() == After::kEnds);
}

TEST_CASE("training never stays, and a cleared client forgets that it was to") {
  Slot slot = Slot::create().value();
  const MappedSlot mapped(slot);
  Client client(mapped.data());
  REQUIRE(slot.put(request("1", After::kStays), -1));
  REQUIRE(client.take());
  REQUIRE(client.after() == After::kStays);
  client.clear();
  CHECK(client.after() == After::kEnds);
  REQUIRE(client.put_to_self("training", "{}"));
  REQUIRE(client.take());
  CHECK(client.after() == After::kEnds);
}

TEST_CASE("two invocations of one clone share neither state nor notes nor logs") {
  Slot slot = Slot::create().value();
  Process clone = fork_clone(slot, [](Client& client) {
    for (int i = 0; i < 3; ++i) {
      auto taken = client.take();
      if (!taken) return 1;
      if (taken->arguments == "lose") {
        client.note_jit(kNote);
        client.log(Stream::kStdout, "lost");
        client.set_jit(Jit::kLost);
      }
      if (!client.answer(Outcome::kResult, taken->arguments)) return 2;
    }
    return 0;
  });
  for (const char* arguments : {"keep", "lose", "keep"}) {
    REQUIRE(slot.put(request(arguments, After::kStays), -1));
    const Answer answer = slot.await(clone).value();
    const bool lost = std::string(arguments) == "lose";
    CHECK(answer.body == arguments);
    CHECK(answer.jit == (lost ? Jit::kLost : Jit::kNothing));
    CHECK(answer.jit_notes.size() == (lost ? 1 : 0));
    CHECK(answer.logs.size() == (lost ? 1 : 0));
  }
  CHECK(clone.wait().value()->value == 0);
}
