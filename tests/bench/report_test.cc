#include "bench/report.h"

#include <doctest/doctest.h>

#include <fstream>

#include "base/files.h"
#include "tests/scratch_folder.h"

using namespace fw;
using namespace fw::bench;
using Json = nlohmann::ordered_json;

namespace {

Report report_of(const std::string& suite, double value) {
  Report report;
  report.suite = suite;
  report.date = "2024-05-17T09:30:00Z";
  report.commit = "abc";
  report.machine.cpu = "a CPU";
  report.machine.cores = 2;
  report.notes = {"a note"};
  report.unavailable = {{"x.cache", "why"}};
  report.figures.add(suite + ".a", "what a is", "us", std::vector<double>{value, value + 2});
  report.figures.add(suite + ".b", "what b is", "bytes", 5.0);
  Bound kept;
  kept.name = suite + ".kept";
  kept.value = value;
  kept.bound = 1000;
  Bound open;
  open.name = suite + ".open";
  open.comparison = Comparison::kAtLeast;
  open.note = "could not be measured";
  report.bounds = {kept, open};
  return report;
}

Json merged(Json existing, const Report& report) {
  Result<Json> results = merge(std::move(existing), report);
  REQUIRE(results);
  return *results;
}

std::vector<std::string> names(const Json& results, const char* list) {
  std::vector<std::string> found;
  for (const Json& item : results[list]) found.push_back(item["name"]);
  return found;
}

void write(const std::filesystem::path& path, const std::string& text) {
  std::ofstream(path) << text;
}

}  // namespace

TEST_CASE("A report in a new file has every field of the format") {
  const Json results = merged(Json::object(), report_of("one", 10));
  CHECK(results["format"] == kResultsFormat);
  CHECK(results["date"] == "2024-05-17T09:30:00Z");
  CHECK(results["commit"] == "abc");
  CHECK(results["machine"]["cpu"] == "a CPU");
  CHECK(results["suites"]["one"]["notes"][0] == "a note");
  CHECK(results["figures"][0] == Json::parse(R"({"name": "one.a", "what": "what a is",
      "unit": "us", "value": 11.0, "count": 2, "p50": 11.0, "p99": 12.0, "suite": "one"})"));
  CHECK(results["bounds"][0]["pass"] == true);
  CHECK(results["bounds"][0]["value"] == 10.0);
  CHECK(results["bounds"][0]["comparison"] == "at most");
  CHECK(results["bounds"][1]["pass"].is_null());
  CHECK(results["bounds"][1]["value"].is_null());
  CHECK(results["bounds"][1]["note"] == "could not be measured");
}

TEST_CASE("A suite comes back from the file as it went in") {
  const Report before = report_of("one", 10);
  Result<Report> after = report_from_json(merged(Json::object(), before), "one");
  REQUIRE(after);
  CHECK(after->date == before.date);
  CHECK(after->machine.cores == 2);
  CHECK(after->unavailable == before.unavailable);
  REQUIRE(after->figures.all().size() == 2);
  CHECK(after->figures.find("one.a")->summary.p99 == 12);
  REQUIRE(after->bounds.size() == 2);
  CHECK(after->bounds[0].pass() == true);
  CHECK_FALSE(after->bounds[1].pass().has_value());
  CHECK(after->bounds[1].comparison == Comparison::kAtLeast);
}

TEST_CASE("A new run of a suite replaces all it had found before") {
  Report second = report_of("one", 20);
  second.commit.clear();
  Report shorter = second;
  shorter.figures = {};
  shorter.figures.add("one.b", "what b is", "bytes", 6.0);
  shorter.bounds.clear();
  const Json results = merged(merged(Json::object(), report_of("one", 10)), shorter);
  CHECK(names(results, "figures") == std::vector<std::string>{"one.b"});
  CHECK(results["figures"][0]["value"] == 6.0);
  CHECK(results["bounds"].empty());
  CHECK_FALSE(results.contains("commit"));
}

TEST_CASE("Other suites keep their figures, and fields that are not known stay") {
  Json existing = merged(Json::object(), report_of("other", 1));
  existing["figures"][0]["histogram"] = {1, 2, 3};
  existing["remark"] = "by hand";
  const Json results = merged(existing, report_of("one", 10));
  CHECK(names(results, "figures") ==
        std::vector<std::string>{"other.a", "other.b", "one.a", "one.b"});
  CHECK(results["figures"][0]["histogram"] == Json::parse("[1, 2, 3]"));
  CHECK(results["remark"] == "by hand");
  CHECK(results["suites"].contains("other"));
  CHECK(report_from_json(results, "other").has_value());
}

TEST_CASE("A name that another suite has is refused") {
  Report thief = report_of("one", 10);
  thief.figures.add("other.a", "", "us", 1.0);
  const Result<Json> results = merge(merged(Json::object(), report_of("other", 1)), thief);
  REQUIRE_FALSE(results);
  CHECK(results.error().code() == Errc::kBadInput);
  CHECK(results.error().message() ==
        "the results already have a 'other.a' of the suite 'other': names are unique, choose "
        "another");
}

TEST_CASE("A suite that is not in the file is not found, and a damaged one is refused") {
  const Json results = merged(Json::object(), report_of("one", 10));
  CHECK(report_from_json(results, "two").error().code() == Errc::kNotFound);
  CHECK(report_from_json(Json::object(), "one").error().code() == Errc::kNotFound);
  Json damaged = results;
  damaged["figures"][0].erase("value");
  CHECK(report_from_json(damaged, "one").error().code() == Errc::kBadInput);
  damaged = results;
  damaged["suites"]["one"].erase("machine");
  CHECK(report_from_json(damaged, "one").error().code() == Errc::kBadInput);
}

TEST_CASE("A results file is written whole and read again") {
  const test::ScratchFolder folder;
  const Json results = merged(Json::object(), report_of("one", 10));
  REQUIRE(write_results(folder / "r.json", results));
  CHECK(read_results(folder / "r.json").value() == results);
  CHECK(folder.entries() == 1);
  CHECK(read_results(folder / "none.json").value() == Json::object());
}

TEST_CASE("A file that is something else is not taken for results") {
  const test::ScratchFolder folder;
  for (const char* text :
       {"", "not JSON", "[]", R"({"figures": 3})", R"({"bounds": [1]})", R"({"suites": []})"}) {
    CAPTURE(text);
    write(folder / "r.json", text);
    const Result<Json> results = read_results(folder / "r.json");
    REQUIRE_FALSE(results);
    CHECK(results.error().code() == Errc::kBadInput);
    CHECK(results.error().message().find("is no file of results") != std::string::npos);
  }
}

TEST_CASE("Results of a newer format are left alone") {
  const test::ScratchFolder folder;
  for (const char* text : {R"({"format": 2})", R"({"format": "x"})"}) {
    write(folder / "r.json", text);
    const Result<Json> results = read_results(folder / "r.json");
    REQUIRE_FALSE(results);
    CHECK(results.error().message().find("this program knows up to 1") != std::string::npos);
  }
}

TEST_CASE("Results that cannot be written are an error that names the file") {
  const test::ScratchFolder folder;
  const Status written = write_results(folder / "none/r.json", Json::object());
  REQUIRE_FALSE(written);
  CHECK(written.error().message().find("none/r.json") != std::string::npos);
}
