// Real functions behind a real pool: which tier serves, what limits hold, and that what
// one invocation does costs no other anything.
#include "pool/pool.h"

#include <doctest/doctest.h>

#include <boost/asio/post.hpp>
#include <csignal>
#include <filesystem>
#include <future>
#include <vector>

#include "tests/pool/serving.h"

using namespace fw;
using namespace fw::testing;

namespace {

const char* const kMisdeeds = FW_SOURCE_DIR "/tests/pool/functions/misdeeds.js";

void install(Serving& serving, const std::string& name = "misdeeds") {
  const Finished finished =
      serving.installed()
          .command({"--json", "--install", kMisdeeds, "--name", name, "--timeout", "20"})
          .run();
  REQUIRE_MESSAGE(finished.code == 0, finished.out);
}

std::string tier_of(const Result<pool::Served>& served) {
  REQUIRE_MESSAGE(served.has_value(), served.error().message());
  return std::string(served->invoked.tier);
}

}  // namespace

TEST_CASE("the first call restores a process, the next ones find it, each as if new") {
  Serving serving;
  install(serving);
  const Result<pool::Served> first = serving.call("misdeeds");
  CHECK((tier_of(first) == "warm" || tier_of(first) == "cold"));
  const auto fresh = nlohmann::json::parse(first->invoked.body);
  for (int i = 0; i < 200; ++i) {
    const Result<pool::Served> next = serving.call("misdeeds");
    CHECK(tier_of(next) == "hot");
    CHECK(nlohmann::json::parse(next->invoked.body) == fresh);
  }
  const pool::FunctionStats stats = serving.stats("misdeeds");
  CHECK(stats.results == 201);
  CHECK(stats.resets_killed == 0);
  CHECK(stats.resets_fast + stats.resets_scan + stats.resets_full == 200);
}

TEST_CASE("simultaneous calls get a process each, forked from the template") {
  Serving serving;
  install(serving);
  constexpr int kCalls = 12;
  std::vector<Serving::Answer> answers;
  for (int i = 0; i < kCalls; ++i) {
    answers.push_back(serving.begin("misdeeds", R"({"do": "wait", "ms": 200})"));
  }
  for (Serving::Answer& answer : answers) {
    const Result<pool::Served> served = Serving::await(answer);
    REQUIRE_MESSAGE(served.has_value(), served.error().message());
    CHECK(nlohmann::json::parse(served->invoked.body)["calls"] > 0);
  }
  const pool::FunctionStats stats = serving.stats("misdeeds");
  CHECK(stats.by_tier[static_cast<std::size_t>(pool::Tier::kFork)] == kCalls - 1);
  CHECK(stats.templates == 1);
}

TEST_CASE("without reuse every call has a fresh process") {
  Serving serving;
  install(serving);
  pool::Policy policy;
  policy.reuse = pool::Reuse::kNever;
  serving.set_policy("misdeeds", policy);
  const nlohmann::json first = serving.result("misdeeds");
  for (int i = 0; i < 50; ++i) CHECK(serving.result("misdeeds") == first);
  const pool::FunctionStats stats = serving.stats("misdeeds");
  CHECK(stats.results == 51);
  CHECK(stats.resets_fast + stats.resets_scan + stats.resets_full == 0);
}

TEST_CASE("a call that takes too long is killed, and the next one is served") {
  Serving serving;
  install(serving);
  for (const char* how : {"hang", "spin"}) {
    pool::Worker* worker = serving.pool().workers().front();
    std::promise<Result<pool::Served>> promise;
    boost::asio::post(worker->loop(), [&] {
      pool::Call call;
      call.function = "misdeeds";
      call.arguments = std::string(R"({"do": ")") + how + "\"}";
      call.timeout_ms = 150;
      worker->invoke(std::move(call),
                     [&](Result<pool::Served> result) { promise.set_value(std::move(result)); });
    });
    Serving::Answer answer = promise.get_future();
    const Result<pool::Served> served = Serving::await(answer);
    REQUIRE_MESSAGE(served.has_value(), served.error().message());
    CHECK(served->invoked.ending == store::Ending::kTimedOut);
    CHECK(contains(nlohmann::json::parse(served->invoked.body)["errorMessage"],
                   "Task timed out after 0.15 seconds"));
    CHECK(serving.result("misdeeds")["kept"] == 0);
  }
  CHECK(serving.stats("misdeeds").timeouts == 2);
}

TEST_CASE("a process that ends gives its caller the reason, and no other anything") {
  Serving serving;
  install(serving);
  serving.result("misdeeds");
  Serving::Answer bystander = serving.begin("misdeeds", R"({"do": "wait", "ms": 300})");
  for (const auto& [how, reason] : std::vector<std::pair<std::string, std::string>>{
           {"exit", "exit"}, {"abort", "signal"}, {"throw", "as asked"}}) {
    const Result<pool::Served> served =
        serving.call("misdeeds", nlohmann::json{{"do", how}}.dump());
    REQUIRE_MESSAGE(served.has_value(), served.error().message());
    CHECK(served->invoked.ending == store::Ending::kError);
    CHECK_MESSAGE(contains(served->invoked.body, reason), served->invoked.body);
    CHECK(serving.result("misdeeds")["kept"] == 0);
  }
  CHECK(Serving::await(bystander).has_value());
}

TEST_CASE("names that are no function's are refused and not remembered") {
  Serving serving;
  install(serving);
  for (const char* name : {"misdeed", "../misdeeds", "", "a/b", "."}) {
    const Result<pool::Served> served = serving.call(name);
    REQUIRE_FALSE(served.has_value());
    CHECK(served.error().code() == Errc::kNotFound);
  }
  serving.result("misdeeds");
  CHECK(serving.pool().stats().functions.size() == 1);
}

TEST_CASE("a queue takes what is above the limit of clones, and refuses what is above its own") {
  Serving serving;
  install(serving);
  pool::Policy policy;
  policy.max_clones = 1;
  policy.max_queue = 2;
  serving.set_policy("misdeeds", policy);
  std::vector<Serving::Answer> answers;
  for (int i = 0; i < 4; ++i) {
    answers.push_back(serving.begin("misdeeds", R"({"do": "wait", "ms": 100})"));
  }
  int busy = 0;
  for (Serving::Answer& answer : answers) {
    const Result<pool::Served> served = Serving::await(answer);
    if (served) continue;
    CHECK(served.error().code() == Errc::kBusy);
    ++busy;
  }
  CHECK(busy == 1);
  CHECK(serving.stats("misdeeds").refused == 1);
}

TEST_CASE("a call that came to a worker without a clone is served when there may be no other") {
  pool::Options options = Serving::default_options();
  options.workers = 2;
  Serving serving(options);
  install(serving);
  pool::Policy policy;
  policy.max_clones = 1;
  serving.set_policy("misdeeds", policy);
  serving.result("misdeeds", "{}", 0);
  for (int i = 0; i < 20; ++i) CHECK(serving.result("misdeeds", "{}", 1)["kept"] == 0);
  CHECK(serving.stats("misdeeds").results == 21);
}

TEST_CASE("a new version serves at once, and what runs ends with the old one") {
  Serving serving;
  install(serving);
  serving.result("misdeeds");
  Serving::Answer old = serving.begin("misdeeds", R"({"do": "wait", "ms": 8000})");
  REQUIRE(serving.until("misdeeds", [](const auto& stats) { return stats.running == 1; }));
  install(serving);
  const Result<pool::Served> fresh = serving.call("misdeeds");
  REQUIRE(fresh.has_value());
  CHECK(fresh->version == 2);
  const Result<pool::Served> finished = Serving::await(old);
  REQUIRE(finished.has_value());
  CHECK(finished->version == 1);
  CHECK(finished->invoked.ending == store::Ending::kResult);
}

TEST_CASE("a function that was removed is unknown") {
  Serving serving;
  install(serving);
  serving.result("misdeeds");
  CHECK(serving.installed().command({"--json", "--remove", "misdeeds"}).run().code == 0);
  const Result<pool::Served> served = serving.call("misdeeds");
  REQUIRE_FALSE(served.has_value());
  CHECK(served.error().code() == Errc::kNotFound);
}

TEST_CASE("arguments and answers larger than a slot pass") {
  Serving serving;
  install(serving);
  serving.result("misdeeds");
  const std::string large(3'000'000, 'x');
  const nlohmann::json event{{"echo", large}};
  for (int i = 0; i < 3; ++i) CHECK(serving.result("misdeeds", event.dump())["echo"] == large);
  CHECK(serving.result("misdeeds")["kept"] == 0);
}

TEST_CASE("a parked process that is killed is no one's loss") {
  Serving serving;
  install(serving);
  serving.result("misdeeds");
  for (int i = 0; i < 5; ++i) {
    for (const std::string& child : children()) {
      // Whatever lives: clones, templates and zygotes.
      const pid_t pid = std::stoi(child);
      ::kill(pid, SIGKILL);
    }
    CHECK(serving.result("misdeeds")["kept"] == 0);
  }
}

TEST_CASE("closing waits for what is under way, and not for ever") {
  Serving serving;
  install(serving);
  serving.result("misdeeds");
  Serving::Answer quick = serving.begin("misdeeds", R"({"do": "wait", "ms": 100})");
  REQUIRE(serving.until("misdeeds", [](const auto& stats) { return stats.running == 1; }));
  serving.close(10'000);
  CHECK(Serving::await(quick).has_value());

  Serving::Answer endless = serving.begin("misdeeds", R"({"do": "hang"})");
  REQUIRE(serving.until("misdeeds", [](const auto& stats) { return stats.running == 1; }));
  serving.close(10);
  const Result<pool::Served> served = Serving::await(endless);
  REQUIRE_FALSE(served.has_value());
  CHECK(served.error().code() == Errc::kClosing);
}
