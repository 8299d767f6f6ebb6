#include "gateway/logs/observer.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "base/files.h"
#include "store/read.h"
#include "tests/gateway_logs/served.h"

namespace {

using namespace fw;
using namespace fw::gateway::logs;
using nlohmann::json;

// What was written to a memfd, a JSON document for each line.
std::vector<json> lines_of(const UniqueFd& fd) {
  std::size_t cut = 0;
  std::istringstream text(store::read_head(fd.get(), 1U << 20, cut).value());
  std::vector<json> lines;
  for (std::string line; std::getline(text, line);) lines.push_back(json::parse(line));
  return lines;
}

TEST_CASE("an invocation is found by its request id") {
  InvocationLog log;
  pool::Served served = testing::served("a");
  testing::print(served, "hello\n");
  log.note("greet", served, "00-trace");
  log.note("greet", testing::served("b"), "");

  const std::optional<Record> found = log.find("a");
  REQUIRE(found);
  CHECK(found->function == "greet");
  CHECK(found->traceparent == "00-trace");
  CHECK(found->version == 3);
  CHECK(found->total_ms == doctest::Approx(2.5));
  REQUIRE(found->output.size() == 1);
  CHECK(found->output[0].text == "hello\n");
  CHECK(log.find("b"));
  CHECK_FALSE(log.find("c"));
}

TEST_CASE("of two invocations with one id the younger is found") {
  InvocationLog log;
  log.note("first", testing::served("a"), "");
  log.note("second", testing::served("a"), "");
  CHECK(log.find("a")->function == "second");
}

TEST_CASE("the oldest are forgotten when there are too many") {
  InvocationLog log({.max_entries = 3});
  for (const char* id : {"1", "2", "3", "4", "5"}) log.note("f", testing::served(id), "");
  CHECK_FALSE(log.find("1"));
  CHECK_FALSE(log.find("2"));
  CHECK(log.find("3"));
  CHECK(log.find("5"));
}

TEST_CASE("the oldest are forgotten when they are too large together") {
  InvocationLog log({.max_bytes = 2500});
  for (const char* id : {"1", "2", "3"}) {
    pool::Served served = testing::served(id);
    testing::print(served, std::string(1000, 'x'));
    log.note("f", served, "");
  }
  CHECK_FALSE(log.find("1"));
  CHECK(log.find("2"));
  CHECK(log.find("3"));
}

TEST_CASE("one that is larger than all may be is kept without its text") {
  InvocationLog log({.max_bytes = 100});
  pool::Served served = testing::served("big");
  testing::print(served, std::string(1000, 'x'));
  log.note("f", served, "");
  const std::optional<Record> found = log.find("big");
  REQUIRE(found);
  CHECK(found->output.empty());
  CHECK(found->output_dropped >= 1000);
}

TEST_CASE("nothing is kept when nothing may be") {
  InvocationLog log({.max_entries = 0});
  log.note("f", testing::served("a"), "");
  CHECK_FALSE(log.find("a"));
}

TEST_CASE("each invocation is a line of JSON where that is wanted") {
  const UniqueFd file = create_memfd("log").value();
  InvocationLog log({.json_fd = file.get()});
  pool::Served served = testing::served("a");
  testing::print(served, "four");
  log.note("greet", served, "00-trace");
  log.note("greet", testing::served("b", store::Ending::kError), "");
  log.note_failure("greet", "c", Error(Errc::kBusy, "too many"), "00-other");
  log.note_failure("greet", "d", Error(Errc::kSystem, "fork: no"), "");

  const std::vector<json> lines = lines_of(file);
  REQUIRE(lines.size() == 4);
  CHECK(lines[0]["level"] == "INFO");
  CHECK(lines[0]["message"] == "invocation");
  CHECK(lines[0]["request_id"] == "a");
  CHECK(lines[0]["function"] == "greet");
  CHECK(lines[0]["version"] == 3);
  CHECK(lines[0]["tier"] == "fork");
  CHECK(lines[0]["ending"] == "result");
  CHECK(lines[0]["duration_ms"] == 1.234);
  CHECK(lines[0]["restore_ms"] == 0.45);
  CHECK(lines[0]["total_ms"] == 2.5);
  CHECK(lines[0]["post_jit"] == nullptr);
  CHECK(lines[0]["log_bytes"] == 4);
  CHECK(lines[0]["traceparent"] == "00-trace");
  CHECK(lines[1]["level"] == "ERROR");
  CHECK(lines[1]["ending"] == "error");
  CHECK(lines[1]["error_type"] == "TypeError");
  CHECK_FALSE(lines[1].contains("traceparent"));
  CHECK(lines[2]["level"] == "WARN");
  CHECK(lines[2]["message"] == "refused");
  CHECK(lines[2]["ending"] == "busy");
  CHECK(lines[2]["error"] == "too many");
  CHECK(lines[3]["level"] == "ERROR");
  CHECK(lines[3]["message"] == "failed");
}

TEST_CASE("many threads may note and look at once") {
  InvocationLog log({.max_entries = 100, .max_bytes = 50'000});
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&log, t] {
      for (int i = 0; i < 2000; ++i) {
        const std::string id = std::to_string(t) + "-" + std::to_string(i);
        pool::Served served = testing::served(id);
        testing::print(served, std::string(static_cast<std::size_t>(i), 'x'));
        log.note("f", served, "");
        (void)log.find(id);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  // Whichever was last is there.
  std::size_t found = 0;
  for (int t = 0; t < 4; ++t) found += log.find(std::to_string(t) + "-1999") ? 1 : 0;
  CHECK(found >= 1);
}

}  // namespace
