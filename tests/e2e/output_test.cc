// What an invocation prints, and where it goes.
#include <doctest/doctest.h>

#include <sstream>

#include "tests/e2e/installation.h"

using namespace fw::testing;
using nlohmann::json;

TEST_CASE("With --json one object tells everything about an invocation") {
  const Installation fwrun;
  fwrun.install("hello.js");
  const Finished finished = fwrun.command({"--json", "--invoke", "hello"}).run();
  CHECK(finished.code == 0);
  CHECK(finished.err.empty());
  CHECK(std::count(finished.out.begin(), finished.out.end(), '\n') == 1);
  const json answer = finished.json();
  CHECK(answer["result"]["greeting"] == "Hello, world!");
  CHECK(answer["tier"] == "cold");
  CHECK(answer["request_id"].get<std::string>().size() == 36);
  CHECK(answer["logs"] == json::array());
  CHECK(answer["faults"]["minor"] > 0);
  double sum = 0;
  for (const char* phase : {"spawn", "check", "map", "descriptors", "threads", "resume", "reseed",
                            "load", "handler", "answer", "deliver"}) {
    CAPTURE(phase);
    REQUIRE(answer["timing_us"].contains(phase));
    sum += answer["timing_us"][phase].get<double>();
  }
  CHECK(answer["timing_us"]["total"].get<double>() == doctest::Approx(sum));
}

TEST_CASE("Without --json the result alone is on standard output, the console on error") {
  const Installation fwrun;
  fwrun.install("console.js");
  const Finished finished = fwrun.command({"--invoke", "console"}).run();
  CHECK(finished.code == 0);
  CHECK(finished.out == "\"done\"\n");
  CHECK(finished.err == "one 1\ntwo { b: 2 }\nthree and a half\nfour\n");
}

TEST_CASE("Console output is captured per invocation, streams apart, order kept") {
  const Installation fwrun;
  fwrun.install("console.js");
  for (int i = 0; i < 2; ++i) {
    std::string text;
    const json answer = fwrun.invoke("console");
    for (const json& entry : answer["logs"]) {
      text += entry["stream"].get<std::string>() + ":" + entry["text"].get<std::string>();
    }
    CHECK(text ==
          "stdout:one 1\nstderr:two { b: 2 }\nstdout:three and a half\n"
          "stderr:four\n");
  }
}

TEST_CASE("What children write to the descriptors themselves comes after the console's") {
  const Installation fwrun;
  fwrun.install("console.js");
  const json logs = fwrun.invoke("console", {{"child", true}})["logs"];
  REQUIRE(logs.size() == 6);
  CHECK(logs[4] == json{{"stream", "stdout"}, {"text", "from a child\n"}});
  CHECK(logs[5] == json{{"stream", "stderr"}, {"text", "bad\n"}});
}

TEST_CASE("Too much console output is cut, and the loss told") {
  const Installation fwrun;
  fwrun.install("console.js");
  const json answer = fwrun.invoke("console", {{"flood", true}});
  CHECK(answer["result"] == "done");
  CHECK(answer["log_bytes_dropped"] > 0);
  CHECK(answer["logs"][0]["text"] == "one 1\n");
}

TEST_CASE("--timing prints a table of the phases on standard error") {
  const Installation fwrun;
  fwrun.install("hello.js");
  const Finished finished =
      fwrun.command({"--invoke", "hello", "--args", R"({"name":"Ada"})", "--timing"}).run();
  CHECK(finished.out == "{\"greeting\":\"Hello, Ada!\"}\n");
  std::istringstream lines(finished.err);
  std::string heading;
  REQUIRE(std::getline(lines, heading));
  CHECK(heading == "phase              us");
  std::vector<std::string> phases;
  double total = 0;
  std::string phase;
  while (phase != "total" && lines >> phase >> total) phases.push_back(phase);
  CHECK(phases.front() == "spawn");
  CHECK(phases.back() == "total");
  CHECK(total > 0);
  std::string post_jit;
  CHECK(static_cast<bool>(lines >> phase >> post_jit));
  CHECK(phase == "post_jit");
  CHECK(post_jit == "true");
}

TEST_CASE("An install tells its phases while it runs, and reports to people") {
  const Installation fwrun;
  const Finished finished =
      fwrun.command({"--install", fixture("hello.js"), "--train", fixture("hello.train.json")})
          .run();
  CHECK(finished.code == 0);
  for (const char* phase : {"check the function", "train it", "restore the image", "publish"}) {
    CHECK(contains(finished.err, phase));
  }
  for (const char* part :
       {"installed hello, version 1", "image", "mappings", "snapshot", "just before the handler",
        "training", "first call", "steady call", "after restore", "optimised"}) {
    CAPTURE(part);
    CHECK(contains(finished.out, part));
  }
}

TEST_CASE("With --json an install tells its phases as JSON lines, and one object at the end") {
  const Installation fwrun;
  const Finished finished = fwrun.try_install("hello.js");
  std::string phases;
  std::istringstream lines(finished.err);
  for (std::string line; std::getline(lines, line);) {
    phases += json::parse(line)["phase"].get<std::string>() + " ";
  }
  CHECK(phases == "check train verify publish ");
  const json installed = finished.json();
  CHECK(installed["installed"]["name"] == "hello");
  CHECK(installed["installed"]["version"] == 1);
  const json& training = installed["report"]["training"];
  CHECK(training["events"] == 2);
  for (const char* time : {"first_call_us", "steady_call_us", "after_restore_us"}) {
    CHECK(training[time] > 0);
  }
  CHECK(installed["report"]["snapshot"]["image_bytes"] > 1'000'000);
  CHECK(installed["report"]["warnings"] == json::array());
}
