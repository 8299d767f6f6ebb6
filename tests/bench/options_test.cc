#include "bench/options.h"

#include <doctest/doctest.h>

using namespace fw;
using namespace fw::bench;

namespace {

Result<Options> parse(std::vector<std::string> words) {
  std::vector<char*> pointers{const_cast<char*>("fwrun-bench")};
  for (std::string& word : words) pointers.push_back(word.data());
  return parse_options(static_cast<int>(pointers.size()), pointers.data());
}

std::string refusal(const std::vector<std::string>& words) {
  const Result<Options> options = parse(words);
  REQUIRE_FALSE(options);
  CHECK(options.error().code() == Errc::kBadInput);
  return options.error().message();
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("Without options, everything is measured in full") {
  const Options options = parse({}).value();
  CHECK_FALSE(options.quick);
  CHECK_FALSE(options.json);
  CHECK(options.functions.empty());
  CHECK(options.results.empty());
}

TEST_CASE("Every option is understood") {
  const Options options = parse({"--quick", "--json", "--function", "a", "--function", "b,c",
                                 "--results", "r.json", "--folder", "/f"})
                              .value();
  CHECK(options.quick);
  CHECK(options.json);
  CHECK(options.functions == std::vector<std::string>{"a", "b,c"});
  CHECK(options.results == "r.json");
  CHECK(options.folder == "/f");
  CHECK(parse({"--readme", "README.md", "--results", "r"}).value().readme == "README.md");
  CHECK(parse({"--help"}).value().help);
}

TEST_CASE("What is no option, and options without their value, are refused") {
  CHECK(contains(refusal({"--frobnicate"}), "frobnicate"));
  CHECK(contains(refusal({"stray"}), "'stray' is no option"));
  CHECK(contains(refusal({"--results"}), "results"));
  CHECK(contains(refusal({"--results="}), "results"));
  CHECK(contains(refusal({"--folder", ""}), "--folder is empty"));
}

TEST_CASE("A readme is refreshed without measuring, so options of measuring do not go with it") {
  for (const char* option : {"--quick", "--json", "--function=f", "--folder=d", "--soak",
                             "--only=serving", "--burst-seconds=3"}) {
    CAPTURE(option);
    CHECK(contains(refusal({"--readme", "R.md", option}), "--readme measures nothing"));
  }
}

TEST_CASE("A soak, one suite alone and shorter bursts can be asked for") {
  const Options soak = parse({"--soak", "--invocations", "3000"}).value();
  CHECK(soak.soak);
  CHECK(soak.invocations == 3000);
  const Options serving = parse({"--only", "serving", "--burst-seconds", "30"}).value();
  CHECK(serving.only == "serving");
  CHECK(serving.burst_seconds == 30);
}

TEST_CASE("Numbers out of range and options that do not go together are refused") {
  CHECK(contains(refusal({"--soak", "--invocations", "0"}), "from 1 to 10000000"));
  CHECK(contains(refusal({"--burst-seconds", "ten"}), "--burst-seconds ten"));
  CHECK(contains(refusal({"--only", "lunch"}), "expected restore or serving"));
  CHECK(contains(refusal({"--invocations", "5"}), "goes with --soak only"));
  CHECK(contains(refusal({"--soak", "--function", "f"}), "functions of its own"));
  CHECK(contains(refusal({"--soak", "--only", "serving"}), "for the examples"));
  CHECK(contains(refusal({"--function", "f", "--burst-seconds", "5"}), "for the examples"));
  CHECK(contains(refusal({"--only", "restore", "--burst-seconds", "5"}), "suite serving"));
}

TEST_CASE("Help tells every option and exit code") {
  for (const char* part :
       {"--quick", "--results", "--readme", "--function", "--folder", "--json", "--only",
        "--burst-seconds", "--soak", "--invocations", "Exit codes: 0", "70"}) {
    CAPTURE(part);
    CHECK(contains(kHelp, part));
  }
}
