#include "args/shm/client.h"

#include <doctest/doctest.h>
#include <fcntl.h>

#include <string>
#include <vector>

#include "tests/args/allocations.h"
#include "tests/args/forked_clone.h"
#include "tests/args/resources.h"

using namespace fw;
using namespace fw::args;

TEST_CASE("a client serves an invocation without a heap allocation") {
  for (const std::size_t size : {std::size_t{10}, kPayloadCapacity}) {
    CAPTURE(size);
    Slot slot = Slot::create().value();
    const MappedSlot mapped(slot);
    const std::string arguments = pattern(size);
    Client client(mapped.data());
    const long before = allocations();
    bool all_right = client.put_to_self("training", arguments).has_value();
    client.log(Stream::kStdout, "training");
    all_right = all_right && client.take().has_value();
    all_right = all_right && client.answer(Outcome::kResult, arguments).has_value();
    client.clear();
    CHECK(allocations() == before);
    CHECK(all_right);

    REQUIRE(slot.put({.request_id = "r", .deadline_ns = 0, .arguments = arguments}, -1));
    const long before_real = allocations();
    all_right = client.take().has_value();
    client.log(Stream::kStdout, "real");
    all_right = all_right && client.answer(Outcome::kResult, arguments).has_value();
    CHECK(allocations() == before_real);
    CHECK(all_right);
  }
}

TEST_CASE("arguments a process put to itself are taken by the same path") {
  Slot slot = Slot::create().value();
  const MappedSlot mapped(slot);
  Client client(mapped.data());
  for (const std::string& arguments :
       std::vector<std::string>{"", "{\"a\":1}", pattern(kPayloadCapacity)}) {
    REQUIRE(client.put_to_self("training-7", arguments));
    const Taken taken = client.take().value();
    CHECK(taken.request_id == "training-7");
    CHECK(taken.arguments == arguments);
    CHECK(taken.deadline_ns == 0);
    CHECK(at(client.timeline(), Instant::kRequested) != 0);
    REQUIRE(client.answer(Outcome::kResult, "1"));
    auto twice = client.answer(Outcome::kResult, "2");
    REQUIRE_FALSE(twice);
    CHECK(twice.error().code() == Errc::kInternal);
  }
  // A large result of a training call takes the real path too, but waits for nobody.
  REQUIRE(client.put_to_self("training-8", ""));
  CHECK(client.take());
  CHECK(client.answer(Outcome::kResult, pattern(kPayloadCapacity + 1)));
}

TEST_CASE("a training event that does not fit is refused") {
  Slot slot = Slot::create().value();
  const MappedSlot mapped(slot);
  Client client(mapped.data());
  auto put = client.put_to_self("training", pattern(kPayloadCapacity + 1));
  REQUIRE_FALSE(put);
  CHECK(put.error().code() == Errc::kBadInput);
  put = client.put_to_self(std::string(kMaxRequestIdBytes + 1, 'r'), "");
  REQUIRE_FALSE(put);
  CHECK(put.error().code() == Errc::kBadInput);
}

TEST_CASE("a requester that waits for a process which trains sees only its real answer") {
  Slot slot = Slot::create().value();
  SUBCASE("after a put") {
    REQUIRE(slot.put({.request_id = "install", .deadline_ns = 0, .arguments = ""}, -1));
  }
  SUBCASE("without a put") {}
  Process clone = fork_clone(slot, [](Client& client) {
    for (int i = 0; i < 1000; ++i) {
      if (!client.put_to_self("training", "{}") || !client.take()) return 1;
      client.log(Stream::kStdout, "training");
      if (!client.answer(Outcome::kResult, "\"training\"")) return 2;
    }
    client.clear();
    client.log(Stream::kStderr, "report");
    return client.answer(Outcome::kResult, "\"report\"") ? 0 : 3;
  });
  auto answer = slot.await(clone);
  REQUIRE_MESSAGE(answer.has_value(), answer.error().message());
  CHECK(answer->body == "\"report\"");
  REQUIRE(answer->logs.size() == 1);
  CHECK(answer->logs[0].text == "report");
  CHECK(clone.wait().value()->value == 0);
}

TEST_CASE("a cleared slot is as if never used") {
  Slot unused = Slot::create().value();
  Slot used = Slot::create().value();
  const MappedSlot mapped_unused(unused);
  const MappedSlot mapped(used);
  Client client(mapped.data());
  REQUIRE(client.put_to_self("training", pattern(kPayloadCapacity)));
  REQUIRE(client.take());
  client.log(Stream::kStdout, pattern(kLogBytes));
  at(client.timeline(), Instant::kHandler) = 5;
  REQUIRE(client.answer(Outcome::kError, "no"));
  client.clear();
  const auto bytes = [](const MappedSlot& slot) {
    return std::string_view(static_cast<const char*>(slot.data()), slot_bytes());
  };
  CHECK((bytes(mapped) == bytes(mapped_unused)));
}

TEST_CASE("a slot of another version is refused with what to do") {
  Slot slot = Slot::create().value();
  REQUIRE(slot.put({.request_id = "r", .deadline_ns = 0, .arguments = ""}, -1));
  const MappedSlot mapped(slot);
  Client client(mapped.data());
  SUBCASE("other version") { mapped.header().version = kSlotVersion + 1; }
  SUBCASE("other magic") { mapped.header().magic = 1; }
  auto taken = client.take();
  REQUIRE_FALSE(taken);
  CHECK(taken.error().code() == Errc::kRefused);
  CHECK(taken.error().message().find("install the function again") != std::string::npos);
}

TEST_CASE("arguments that were not handed over are reported, and can be answered with an error") {
  Slot slot = Slot::create().value();
  const std::string arguments = pattern(kPayloadCapacity + 1);
  REQUIRE(slot.put({.request_id = "r", .deadline_ns = 0, .arguments = arguments}, 101));
  Process clone = fork_clone(slot, [](Client& client) {
    auto taken = client.take();
    if (taken || taken.error().code() != Errc::kSystem) return 1;
    return client.answer(Outcome::kError, taken.error().message()) ? 0 : 2;
  });
  const Answer answer = slot.await(clone).value();
  CHECK(answer.outcome == Outcome::kError);
  CHECK(answer.body.find("given to this process as descriptor 101") != std::string::npos);
}

TEST_CASE("taking spilled arguments leaves no descriptor, answering leaves no mapping") {
  Slot slot = Slot::create().value();
  const std::string arguments = pattern(kPayloadCapacity + 1);
  REQUIRE(slot.put({.request_id = "r", .deadline_ns = 0, .arguments = arguments}, kSpillTarget));
  Process clone = fork_clone(slot, [](Client& client) {
    if (!client.take()) return 1;
    if (::fcntl(kSpillTarget, F_GETFD) >= 0) return 2;
    if (mappings("memfd:fwrun-payload") != 1) return 3;
    if (!client.answer(Outcome::kResult, "1")) return 4;
    return mappings("memfd:fwrun-payload") == 0 ? 0 : 5;
  });
  CHECK(slot.await(clone).value().body == "1");
  CHECK(clone.wait().value()->value == 0);
}
