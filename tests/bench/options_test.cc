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
  for (const char* option : {"--quick", "--json", "--function=f", "--folder=d"}) {
    CAPTURE(option);
    CHECK(contains(refusal({"--readme", "R.md", option}), "--readme measures nothing"));
  }
}

TEST_CASE("Help tells every option and exit code") {
  for (const char* part : {"--quick", "--results", "--readme", "--function", "--folder", "--json",
                           "Exit codes: 0", "70"}) {
    CAPTURE(part);
    CHECK(contains(kHelp, part));
  }
}
