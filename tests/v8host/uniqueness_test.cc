// No two restored processes share random numbers, identities or clocks.
#include <doctest/doctest.h>

#include <chrono>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "tests/v8host/function_host.h"

using fw::test::OneFile;

namespace {

std::uint64_t now_ms() {
  return static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::milliseconds>(
                                        std::chrono::system_clock::now().time_since_epoch())
                                        .count());
}

// Draws from everything that is random. It does so in training too, so that
// generators and caches are captured in the middle of their use.
constexpr std::string_view kDrawsAll = R"js(
  const crypto = require('crypto');
  const fs = require('fs');
  const vm = require('vm');
  const { webcrypto } = crypto;
  const sandbox = vm.createContext({});
  const inner = vm.runInContext('() => Math.random()', sandbox);
  const other = vm.runInNewContext('() => Math.random()');
  const temporary_folder_name = () => {
    const folder = fs.mkdtempSync(require('os').tmpdir() + '/fwrun-test-');
    fs.rmdirSync(folder);
    return folder;
  };
  const third = new vm.Script('() => Math.random()').runInNewContext();
  exports.handler = async () => ({
    math: Math.random(),
    inner: inner(),
    other: other(),
    third: third(),
    bytes: crypto.randomBytes(8).toString('hex'),
    async_bytes: (await new Promise((resolve, reject) => crypto.randomBytes(8,
        (error, bytes) => error ? reject(error) : resolve(bytes)))).toString('hex'),
    uuid: crypto.randomUUID(),
    uncached: crypto.randomUUID({ disableEntropyCache: true }),
    integer: crypto.randomInt(2 ** 47),
    async_integer: await new Promise((resolve, reject) => crypto.randomInt(2 ** 47,
        (error, n) => error ? reject(error) : resolve(n))),
    web: Buffer.from(webcrypto.getRandomValues(new Uint8Array(8))).toString('hex'),
    web_uuid: webcrypto.randomUUID(),
    key: crypto.generateKeySync('hmac', { length: 128 }).export().toString('hex'),
    folder: temporary_folder_name(),
  });
)js";

}  // namespace

TEST_CASE("A thousand restored processes draw different numbers, all from the first on") {
  const OneFile function(kDrawsAll);
  std::map<std::string, std::set<std::string>> seen;
  constexpr int kProcesses = 1000;
  for (int i = 0; i < kProcesses; ++i) {
    const auto drawn = nlohmann::json::parse(function.installed.result());
    for (const auto& one : drawn.items()) {
      const bool is_new = seen[one.key()].insert(one.value().dump()).second;
      CHECK_MESSAGE(is_new, one.key() << " repeats " << one.value());
    }
  }
  CHECK(seen.size() == 14);
}

TEST_CASE("Numbers drawn before the snapshot do not come again") {
  const OneFile function(R"js(
    const { randomUUID } = require('crypto');
    const before = new Set();
    exports.handler = ({ ask }) => {
      const drawn = [Math.random(), randomUUID()];
      if (ask) return drawn.some((one) => before.has(one));
      for (const one of drawn) before.add(one);
    };
  )js");
  for (int i = 0; i < 5; ++i) CHECK(function.installed.result(R"({"ask": 1})") == "false");
}

TEST_CASE("A generator that the user seeded stays as the user left it") {
  const OneFile function(R"js(
    let state = 42;
    const next = () => (state = state * 1103515245 % 2147483648);
    exports.handler = ({ draw }) => draw ? next() : 0;
  )js");
  const std::string first = function.installed.result(R"({"draw": 1})");
  CHECK(function.installed.result(R"({"draw": 1})") == first);
}

TEST_CASE("Random numbers of a worker differ between restored processes") {
  const OneFile function(R"js(
    const { Worker } = require('worker_threads');
    const worker = new Worker(`
      const { parentPort } = require('worker_threads');
      parentPort.on('message', () => parentPort.postMessage(Math.random()));`, { eval: true });
    exports.handler = () => new Promise((resolve) => {
      worker.once('message', resolve);
      worker.postMessage('draw');
    });
  )js");
  CHECK(function.installed.report().snapshot.threads > 1);
  std::set<std::string> seen;
  for (int i = 0; i < 10; ++i) CHECK(seen.insert(function.installed.result()).second);
}

TEST_CASE("Clocks are right after a restore") {
  const OneFile function(R"js(
    const { performance } = require('perf_hooks');
    performance.timeOrigin;
    exports.handler = () => ({
      date: Date.now(),
      now: performance.now(),
      origin: performance.timeOrigin,
      uptime: process.uptime(),
      hrtime: Number(process.hrtime.bigint()),
      mark: performance.mark('here').startTime,
    });
  )js");
  const std::uint64_t before = now_ms();
  const auto first = nlohmann::json::parse(function.installed.result());
  const auto second = nlohmann::json::parse(function.installed.result());
  const std::uint64_t after = now_ms();
  for (const auto& one : {first, second}) {
    CHECK(one.at("date") >= before);
    CHECK(one.at("date") <= after);
    const double lived = static_cast<double>(after - before) + 1;
    // They count from the restored process's start.
    for (const char* clock : {"now", "mark"}) {
      CHECK(one.at(clock) >= 0);
      CHECK(one.at(clock) <= lived);
    }
    CHECK(one.at("uptime") >= 0);
    CHECK(one.at("uptime").get<double>() * 1000 <= lived);
    CHECK(one.at("origin").get<double>() >= static_cast<double>(before) - 1);
    CHECK(one.at("origin").get<double>() <= static_cast<double>(after) + 1);
  }
  CHECK(second.at("hrtime") > first.at("hrtime"));
}

TEST_CASE("performance is right when it is used after the restore only") {
  const OneFile function(R"js(
    exports.handler = ({ run }) => run ? [performance.now(), performance.timeOrigin - Date.now()] : 0;
  )js");
  const auto times = nlohmann::json::parse(function.installed.result(R"({"run": 1})"));
  CHECK(times[0] >= 0);
  CHECK(times[0] < 10000);
  CHECK(times[1] <= 1);
  CHECK(times[1] > -10000);
}

TEST_CASE("Timers count from the restore") {
  const OneFile function(R"js(
    exports.handler = async ({ run }) => {
      if (!run) return;
      const started = Date.now();
      await new Promise((resolve) => setTimeout(resolve, 30));
      return Date.now() - started >= 28;
    };
  )js");
  CHECK(function.installed.result(R"({"run": 1})") == "true");
}

TEST_CASE("The process id is the restored process's own") {
  const OneFile function(R"js(
    const { readlinkSync } = require('fs');
    exports.handler = () => {
      process.kill(process.pid, 0);
      return process.pid;
    };
  )js");
  CHECK(function.installed.result() == "1");
}
