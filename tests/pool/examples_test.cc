// Every example of the project behind a pool, reset after each call with all of its memory
// compared with the image.
#include <doctest/doctest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "tests/pool/serving.h"

using namespace fw;
using namespace fw::testing;

namespace {

struct Example {
  std::string name;
  std::string event;
};

// One for each folder of examples/ that holds a function.
const std::vector<Example>& examples() {
  static const std::vector<Example> kExamples{
      {"cpu", R"({"width": 40, "height": 20})"},
      {"hello", R"({"name": "x"})"},
      {"http_hello", R"({"method": "GET", "path": "/x"})"},
      {"http_hello_python", R"({"method": "GET", "path": "/x"})"},
      {"montecarlo", R"({"spot": 100, "strike": 105, "seed": 1})"},
      {"nop", R"({"id": 1})"},
      {"nop_python", R"({"id": 1})"},
      {"words", R"({"text": "a b a"})"},
  };
  return kExamples;
}

}  // namespace

TEST_CASE("every example is reset hundreds of times, and no byte differs") {
  constexpr int kCalls = 300;
  Serving serving;
  for (const Example& example : examples()) {
    INFO(example.name);
    const Finished installed =
        serving.installed()
            .command({"--json", "--install", FW_SOURCE_DIR "/examples/" + example.name, "--name",
                      example.name})
            .run();
    REQUIRE_MESSAGE(installed.code == 0, installed.out);
    int failed = 0;
    int cold = 0;
    for (int i = 0; i < kCalls; ++i) {
      const Result<pool::Served> served = serving.call(example.name, example.event);
      REQUIRE_MESSAGE(served.has_value(), served.error().message());
      if (served->invoked.ending != store::Ending::kResult) ++failed;
      if (i > 0 && served->invoked.tier != "hot") ++cold;
    }
    CHECK(failed == 0);
    CHECK(cold == 0);
    const pool::FunctionStats stats = serving.stats(example.name);
    CHECK(stats.resets_killed == 0);
    CHECK(stats.resets_fast + stats.resets_scan + stats.resets_full == kCalls - 1);
  }
}

TEST_CASE("no example is missing from this test") {
  std::vector<std::string> there;
  for (const auto& entry : std::filesystem::directory_iterator(FW_SOURCE_DIR "/examples")) {
    const bool function = std::filesystem::exists(entry.path() / "handler.js") ||
                          std::filesystem::exists(entry.path() / "handler.py");
    if (function) there.push_back(entry.path().filename());
  }
  CHECK(there.size() == examples().size());
}
