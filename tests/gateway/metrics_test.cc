#include <map>
#include <regex>
#include <set>
#include <sstream>

#include "tests/gateway/function_routes_fixture.h"

namespace {

using namespace fw;
using namespace fw::testing;

// Every line of the text format, checked: values by name and labels.
std::map<std::string, double> parse(const std::string& text) {
  const std::regex help("# HELP ([a-z_]+) .*[.]");
  const std::regex type("# TYPE ([a-z_]+) (counter|gauge|histogram)");
  const std::regex sample(R"re(([a-z_]+)(\{([a-z_]+="[^"]*",?)+\})? ([-+.e0-9]+|\+Inf))re");
  std::map<std::string, double> values;
  std::map<std::string, std::string> types;
  std::istringstream lines(text);
  std::smatch match;
  for (std::string line; std::getline(lines, line);) {
    CAPTURE(line);
    if (std::regex_match(line, match, help)) continue;
    if (std::regex_match(line, match, type)) {
      CHECK(types.emplace(match[1], match[2]).second);
      if (match[2] == "counter") CHECK(match[1].str().ends_with("_total"));
      continue;
    }
    REQUIRE(std::regex_match(line, match, sample));
    std::string family = match[1];
    for (const std::string_view part : {"_bucket", "_sum", "_count"}) {
      const std::string base =
          family.substr(0, family.size() - std::min(part.size(), family.size()));
      if (family.ends_with(part) && types.count(base) > 0) family = base;
    }
    CHECK(types.count(family) == 1);
    CHECK(values.emplace(match[1].str() + match[2].str(), std::stod(match[4])).second);
  }
  return values;
}

TEST_CASE("the metrics of a daemon that has done nothing yet can be read") {
  FunctionRoutesFixture fixture;
  const RawAnswer answer = fixture.ask("GET", "/metrics");
  CHECK(answer.status == 200);
  CHECK(answer.headers.at("content-type").starts_with("text/plain; version=0.0.4"));
  auto values = parse(answer.body);
  CHECK(values["fwrun_http_connections"] == 1);
  CHECK(values["process_resident_memory_bytes"] > 1e6);
  CHECK(values["process_open_fds"] > 3);
  CHECK(values["process_start_time_seconds"] > 1.7e9);
  CHECK(values.count("fwrun_zygotes") == 1);
}

TEST_CASE("the pool's counts are told by function, ending, tier and state") {
  FunctionRoutesFixture fixture;
  pool::PoolStats stats;
  pool::FunctionStats& one = stats.functions["one"];
  one.results = 11;
  one.errors = 1;
  one.by_tier = {8, 2, 1, 1};
  one.duration.add(60);  // us
  one.duration.add(150'000);
  one.duration.add(99e6);
  one.start[0].add(30);
  one.minor_faults = 70;
  one.resets_fast = 9;
  one.resets_killed = 2;
  one.parked = 4;
  one.queued = 5;
  one.reset_pages = 123;
  stats.functions["quo\"te"].crashes = 1;
  stats.shed_clones = 3;
  stats.memory_available = 1'000'000;
  fixture.pool.set_stats(stats);
  CHECK(fixture.ask("GET", "/nowhere").status == 404);

  auto values = parse(
      std::regex_replace(fixture.ask("GET", "/metrics").body, std::regex(R"(quo\\"te)"), "quote"));
  CHECK(values[R"(fwrun_invocations_total{function="one",ending="result"})"] == 11);
  CHECK(values[R"(fwrun_invocations_total{function="one",ending="error"})"] == 1);
  CHECK(values[R"(fwrun_invocations_total{function="quote",ending="crash"})"] == 1);
  CHECK(values[R"(fwrun_tier_invocations_total{function="one",tier="hot"})"] == 8);
  const std::string duration = "fwrun_handler_duration_seconds_";
  CHECK(values[duration + R"(count{function="one"})"] == 3);
  CHECK(values[duration + R"(sum{function="one"})"] == doctest::Approx(99.15006));
  CHECK(values[duration + R"(bucket{function="one",le="0.0001"})"] == 1);
  CHECK(values[duration + R"(bucket{function="one",le="0.25"})"] == 2);
  CHECK(values[duration + R"(bucket{function="one",le="15"})"] == 2);
  CHECK(values[duration + R"(bucket{function="one",le="+Inf"})"] == 3);
  CHECK(values[R"(fwrun_start_duration_seconds_count{function="one",tier="hot"})"] == 1);
  CHECK(values.count(R"(fwrun_start_duration_seconds_count{function="one",tier="cold"})") == 0);
  CHECK(values[R"(fwrun_page_faults_total{function="one",kind="minor"})"] == 70);
  CHECK(values[R"(fwrun_resets_total{function="one",kind="fast"})"] == 9);
  CHECK(values[R"(fwrun_resets_total{function="one",kind="killed"})"] == 2);
  CHECK(values[R"(fwrun_reset_pages_total{function="one"})"] == 123);
  CHECK(values[R"(fwrun_clones{function="one",state="parked"})"] == 4);
  CHECK(values[R"(fwrun_queued_invocations{function="one"})"] == 5);
  CHECK(values[R"(fwrun_shed_total{what="clone"})"] == 3);
  CHECK(values["fwrun_memory_available_bytes"] == 1e6);
  CHECK(values[R"(fwrun_http_requests_total{status="404"})"] == 1);
}

}  // namespace
