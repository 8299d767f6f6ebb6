// The daemon from outside: real functions, over HTTP and from the command line.
#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <fstream>
#include <thread>

#include "tests/e2e/daemon.h"

using namespace fw;
using namespace fw::testing;

namespace {

void write_function(const std::filesystem::path& file, const std::string& version) {
  std::ofstream(file) << "let calls = 0;\nexports.handler = async (event) => {\n"
                         "  if (event.ms) await new Promise((r) => setTimeout(r, event.ms));\n"
                         "  return { calls: ++calls, version: '"
                      << version << "' };\n};\n";
}

Finished install(const Installation& installation, const std::filesystem::path& file) {
  const Finished finished =
      installation.command({"--json", "--install", file, "--name", "counter"}).run();
  REQUIRE_MESSAGE(finished.code == 0, finished.out);
  return finished;
}

}  // namespace

TEST_CASE("functions of both languages answer, each call as if it were the first") {
  Installation installation;
  installation.install("counter.js");
  Daemon daemon(installation, {"--check-resets"});
  RawClient client = daemon.connect();
  const RawAnswer first = client.ask("POST", "/invoke/counter", "{}");
  REQUIRE_MESSAGE(first.status == 200, first.body);
  for (int i = 0; i < 300; ++i) {
    const RawAnswer next = client.ask("POST", "/invoke/counter", "{}");
    CHECK(next.status == 200);
    CHECK(next.body == first.body);
    CHECK(next.headers.at("x-fwrun-tier") == "hot");
  }
  const RawAnswer metrics = client.ask("GET", "/metrics");
  CHECK(metrics.status == 200);
  CHECK(metrics.body.find("fwrun") != std::string::npos);
  CHECK(client.ask("GET", "/healthz").status == 200);
  const Finished finished = daemon.end();
  CHECK(finished.code == 0);
  CHECK_MESSAGE(finished.err.empty(), finished.err);
}

TEST_CASE("--invoke goes through a daemon that runs, and without one to the image") {
  Installation installation;
  installation.install("hello.js");
  CHECK(installation.invoke("hello", {{"name", "x"}})["tier"] == "cold");
  {
    Daemon daemon(installation);
    const nlohmann::json first = installation.invoke("hello", {{"name", "x"}});
    const nlohmann::json second = installation.invoke("hello", {{"name", "x"}});
    CHECK(second["tier"] == "hot");
    CHECK(first["result"] == second["result"]);
    const Finished direct =
        installation.command({"--json", "--invoke", "hello", "--no-daemon"}).run();
    CHECK(direct.json()["tier"] == "cold");
    CHECK(installation.command({"--json", "--invoke", "unknown"}).run().code == 4);
    // Killed, it leaves its socket: which is then nobody's.
    daemon.signal(SIGKILL);
    daemon.wait();
  }
  CHECK(installation.invoke("hello", {{"name", "x"}})["tier"] == "cold");
  Daemon again(installation);
  CHECK(again.invoke("hello").status == 200);
}

TEST_CASE("a daemon that is killed takes its processes along") {
  Installation installation;
  installation.install("hello.js");
  Daemon daemon(installation);
  CHECK(daemon.invoke("hello").status == 200);
  daemon.signal(SIGKILL);
  CHECK(daemon.wait().code == 128 + SIGKILL);
  // The installation checks, as their adopter, that none is left; give them a moment.
  for (int i = 0; i < 10'000 && !children().empty(); ++i) std::this_thread::yield();
}

TEST_CASE("a second daemon of the same store is refused and says why") {
  Installation installation;
  installation.install("hello.js");
  Daemon daemon(installation);
  const Finished second = installation.command({"--serve", "127.0.0.1:0"}).run();
  CHECK(second.code != 0);
  CHECK_FALSE(second.err.empty());
  CHECK(daemon.invoke("hello").status == 200);
}

TEST_CASE("a version is replaced under load without a failed request") {
  Installation installation;
  const std::filesystem::path file = installation / "counter.js";
  write_function(file, "one");
  install(installation, file);
  Daemon daemon(installation);
  const std::string before = daemon.invoke("counter").body;
  std::atomic<bool> stop{false};
  std::atomic<int> failed{0};
  std::atomic<int> served{0};
  std::atomic<int> stale{0};
  std::vector<std::thread> clients;
  for (int i = 0; i < 4; ++i) {
    clients.emplace_back([&] {
      RawClient client = daemon.connect();
      while (!stop) {
        const RawAnswer answer = client.ask("POST", "/invoke/counter", "{}");
        ++served;
        if (answer.status != 200) ++failed;
        // Training called it, too: whatever the count is, each call must find the same.
        const bool old = answer.body == before;
        if (!old && answer.body.find("two") == std::string::npos) ++stale;
        // Some load, not all there can be: the install has to get its share, too.
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
      }
    });
  }
  write_function(file, "two");
  install(installation, file);
  const RawAnswer fresh = daemon.invoke("counter");
  CHECK(fresh.body.find("two") != std::string::npos);
  stop = true;
  for (std::thread& client : clients) client.join();
  CHECK(failed == 0);
  CHECK(stale == 0);
  CHECK(served > 100);
}

TEST_CASE("what is under way is answered before the daemon ends") {
  Installation installation;
  const std::filesystem::path file = installation / "counter.js";
  write_function(file, "one");
  install(installation, file);
  Daemon daemon(installation);
  RawClient client = daemon.connect();
  client.send(
      "POST /invoke/counter HTTP/1.1\r\nHost: x\r\nContent-Length: 11\r\n\r\n{\"ms\": 700}");
  // The daemon has read it as soon as a later request is answered.
  CHECK(daemon.invoke("counter").status == 200);
  const Finished finished = daemon.end();
  CHECK(finished.code == 0);
  const RawAnswer answer = client.answer();
  CHECK(answer.status == 200);
  CHECK(answer.body.find("\"version\":\"one\"") != std::string::npos);
}

TEST_CASE("options of the daemon that make no sense are refused") {
  Installation installation;
  for (const auto& words : std::vector<std::vector<std::string>>{
           {"--serve", "nonsense"},
           {"--serve", "127.0.0.1:99999"},
           {"--serve", "127.0.0.1:0", "--workers", "0"},
           {"--serve", "127.0.0.1:0", "--workers", "2", "--workers", "3"},
           {"--serve", "127.0.0.1:0", "--port", "80"},
           {"--serve", "127.0.0.1:0", "--unknown"},
           {"--serve", "127.0.0.1:0", "more"},
           {"--serve", "127.0.0.1:0", "--admin-token-file", "/nowhere"},
           {"--openwhisk", "-", "--port", "0"},
           {"--openwhisk", "-", "--kind", "cobol", "--port", "0"},
           {"--openwhisk", "hello", "--serve", "127.0.0.1:0"}}) {
    const Finished finished = installation.command(words).run();
    INFO(finished.err);
    CHECK(finished.code != 0);
    CHECK(finished.err.starts_with("fwrun: "));
  }
  const Finished unknown = installation.command({"--openwhisk", "nobody", "--port", "0"}).run();
  CHECK(unknown.code == 4);
}
