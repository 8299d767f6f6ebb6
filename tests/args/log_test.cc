#include <doctest/doctest.h>

#include <map>
#include <string>
#include <thread>
#include <vector>

#include "args/shm/log_area.h"
#include "tests/args/forked_clone.h"

using namespace fw;
using namespace fw::args;

namespace {

constexpr std::size_t kWordBytes = sizeof(LogRecordWord);

// Runs `part` in a clone that then answers, and returns what came back.
Answer answer_after(const std::function<void(Client&)>& part) {
  Slot slot = Slot::create().value();
  REQUIRE(slot.put({.request_id = "r", .deadline_ns = 0, .arguments = ""}, -1));
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

TEST_CASE("output of both streams arrives in the order it was written") {
  const Answer answer = answer_after([](Client& client) {
    for (int i = 0; i < 500; ++i) {
      client.log(i % 3 == 0 ? Stream::kStderr : Stream::kStdout, "line " + std::to_string(i));
    }
  });
  REQUIRE(answer.logs.size() == 500);
  for (int i = 0; i < 500; ++i) {
    const LogEntry& entry = answer.logs[static_cast<std::size_t>(i)];
    CHECK(entry.text == "line " + std::to_string(i));
    CHECK(entry.stream == (i % 3 == 0 ? Stream::kStderr : Stream::kStdout));
  }
  CHECK(answer.log_bytes_dropped == 0);
}

TEST_CASE("an empty write and bytes of any value are kept") {
  const std::string bytes("\0\xff\n\x80", 4);
  const Answer answer = answer_after([&](Client& client) {
    client.log(Stream::kStdout, "");
    client.log(Stream::kStdout, bytes);
  });
  REQUIRE(answer.logs.size() == 2);
  CHECK(answer.logs[0].text.empty());
  CHECK(answer.logs[1].text == bytes);
}

TEST_CASE("output that fills the log area exactly is kept, one byte more is counted") {
  const std::string fits = pattern(kLogBytes - kWordBytes);
  Answer answer = answer_after([&](Client& client) { client.log(Stream::kStdout, fits); });
  REQUIRE(answer.logs.size() == 1);
  CHECK(answer.logs[0].text == fits);
  CHECK(answer.log_bytes_dropped == 0);

  answer = answer_after([&](Client& client) {
    client.log(Stream::kStdout, fits);
    client.log(Stream::kStdout, "x");
  });
  CHECK(answer.logs.size() == 1);
  CHECK(answer.log_bytes_dropped == 1);
}

TEST_CASE("a write that does not fit whole is cut, and what follows is counted") {
  const std::string first(1000, 'a');
  const std::string second(kLogBytes, 'b');
  const Answer answer = answer_after([&](Client& client) {
    client.log(Stream::kStdout, first);
    client.log(Stream::kStderr, second);
    client.log(Stream::kStdout, "more");
  });
  REQUIRE(answer.logs.size() == 2);
  const std::size_t kept = kLogBytes - (kWordBytes + 1000) - kWordBytes;
  CHECK(answer.logs[0].text == first);
  CHECK(answer.logs[1].text == std::string(kept, 'b'));
  CHECK(answer.log_bytes_dropped == second.size() - kept + 4);
}

TEST_CASE("a cut does not split a character") {
  std::string text;
  while (text.size() < kLogBytes) text += "\xe2\x82\xac";  // the euro sign, 3 bytes
  const Answer answer = answer_after([&](Client& client) { client.log(Stream::kStdout, text); });
  REQUIRE(answer.logs.size() == 1);
  const std::string& kept = answer.logs[0].text;
  CHECK(kept.size() % 3 == 0);
  CHECK(kept.size() > kLogBytes - kWordBytes - 3);
  CHECK(kept == text.substr(0, kept.size()));
  CHECK(answer.log_bytes_dropped == text.size() - kept.size());
}

TEST_CASE("many threads log at once: none waits, nothing is lost, each one's order is kept") {
  constexpr int kThreads = 8;
  constexpr int kLines = 1000;
  const Answer answer = answer_after([](Client& client) {
    std::vector<std::thread> threads;
    threads.reserve(kThreads);
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([&client, t] {
        for (int i = 0; i < kLines; ++i) {
          client.log(t % 2 == 0 ? Stream::kStdout : Stream::kStderr,
                     std::to_string(t) + ":" + std::to_string(i));
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
  });
  CHECK(answer.log_bytes_dropped == 0);
  CHECK(answer.logs.size() == kThreads * kLines);
  std::map<int, int> next;
  int out_of_order = 0;
  for (const LogEntry& entry : answer.logs) {
    const std::size_t colon = entry.text.find(':');
    const int thread = std::stoi(entry.text);
    if (std::stoi(entry.text.substr(colon + 1)) != next[thread]++) ++out_of_order;
    if ((entry.stream == Stream::kStdout) != (thread % 2 == 0)) ++out_of_order;
  }
  CHECK(out_of_order == 0);
}

TEST_CASE("many threads that log too much lose exactly what is counted") {
  constexpr int kThreads = 4;
  constexpr int kLines = 1000;
  const std::string line(150, 'z');
  const Answer answer = answer_after([&](Client& client) {
    std::vector<std::thread> threads;
    threads.reserve(kThreads);
    for (int t = 0; t < kThreads; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < kLines; ++i) client.log(Stream::kStdout, line);
      });
    }
    for (std::thread& thread : threads) thread.join();
  });
  std::size_t kept = 0;
  for (const LogEntry& entry : answer.logs) kept += entry.text.size();
  CHECK(kept + answer.log_bytes_dropped == kThreads * kLines * line.size());
  CHECK(kept > kLogBytes * 9 / 10);
}

TEST_CASE("what is written after the answer belongs to no invocation") {
  Slot slot = Slot::create().value();
  REQUIRE(slot.put({.request_id = "r", .deadline_ns = 0, .arguments = ""}, -1));
  Process clone = fork_clone(slot, [](Client& client) {
    if (!client.take()) return 1;
    client.log(Stream::kStdout, "in time");
    if (!client.answer(Outcome::kResult, "1")) return 2;
    client.log(Stream::kStdout, "too late");
    return 0;
  });
  wait_until_ended(clone);
  const Answer answer = slot.await(clone).value();
  REQUIRE(answer.logs.size() == 1);
  CHECK(answer.logs[0].text == "in time");
}

TEST_CASE("a record whose writer was overtaken by the answer is skipped and counted") {
  Slot slot = Slot::create().value();
  const MappedSlot mapped(slot);
  SlotHeader& header = mapped.header();
  append_log(header, Stream::kStdout, "before");
  const std::size_t second = 2 * kWordBytes;
  append_log(header, Stream::kStdout, "caught");
  append_log(header, Stream::kStdout, "after");
  auto* word = reinterpret_cast<LogRecordWord*>(log_of(header) + second);
  SUBCASE("while it wrote the text") {
    word->mark = LogRecordWord::kWriting;
    const LogCopy copy = copy_log(header).value();
    REQUIRE(copy.entries.size() == 2);
    CHECK(copy.entries[1].text == "after");
    CHECK(copy.bytes_dropped == 6);
  }
  SUBCASE("before it wrote anything: the rest cannot be found") {
    *word = LogRecordWord{};
    const LogCopy copy = copy_log(header).value();
    REQUIRE(copy.entries.size() == 1);
    CHECK(copy.entries[0].text == "before");
    CHECK(copy.bytes_dropped >= 11);
  }
}
