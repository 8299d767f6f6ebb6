#include "embed/report.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

using fw::embed::ErrorReport;
using fw::embed::report_from_json;

namespace {

nlohmann::json whole_report() {
  return nlohmann::json::parse(R"json({
    "runtime": "Node.js 18", "annotation": {"kind": "statement", "file": "/h.js", "line": 4},
    "functions": [{"name": "f", "file": "/h.js", "line": 2, "tier": "baseline", "optimised": false,
                   "reason": "rare"},
                  {"name": "g", "file": "/h.js", "line": 3, "tier": "turbofan",
                   "optimised": true, "annotated": true, "signatures": ["(int64,)"],
                   "code_bytes": 128, "before_us": 10.5, "after_us": 1, "deoptimisations": ["x"]}],
    "training": {"events": 1, "rounds": 50, "first_call_us": 900, "steady_call_us": 30,
                 "probe": {"event": "{}", "result": "1", "stable": true}},
    "warnings": ["careful"], "phases_us": {"boot": 1, "load": 2},
    "snapshot": {"image_bytes": 10, "captured_pages": 2, "mappings": 3, "threads": 1,
                 "descriptors": 4}
  })json");
}

}  // namespace

TEST_CASE("A report is read with all it holds") {
  const auto report = report_from_json(whole_report().dump());
  REQUIRE(report.has_value());
  CHECK(report->runtime == "Node.js 18");
  CHECK(report->annotation.kind == "statement");
  CHECK(report->annotation.file == "/h.js");
  CHECK(report->annotation.line == 4);
  REQUIRE(report->functions.size() == 2);
  CHECK(report->functions[0].reason == "rare");
  CHECK_FALSE(report->functions[0].optimised);
  CHECK(report->functions[1].reason.empty());
  CHECK(report->functions[1].annotated);
  CHECK(report->functions[1].signatures == std::vector<std::string>{"(int64,)"});
  CHECK(report->functions[1].code_bytes == 128);
  CHECK(report->functions[1].before_us == 10.5);
  CHECK(report->functions[1].deoptimisations == std::vector<std::string>{"x"});
  CHECK(report->training.rounds == 50);
  CHECK(report->training.probe.stable);
  CHECK(report->warnings == std::vector<std::string>{"careful"});
  CHECK(report->phases_us.at("load") == 2);
  CHECK(report->snapshot.descriptors == 4);
}

TEST_CASE("A report without one of its parts is refused, and the part named") {
  for (const char* part :
       {"runtime", "annotation", "functions", "training", "phases_us", "snapshot"}) {
    nlohmann::json json = whole_report();
    json.erase(part);
    const auto report = report_from_json(json.dump());
    REQUIRE_FALSE(report.has_value());
    CHECK(report.error().message().find(part) != std::string::npos);
  }
}

TEST_CASE("A report with a part of the wrong kind is refused") {
  for (const auto& [part, value] : {std::pair<const char*, nlohmann::json>{"functions", {1}},
                                    {"warnings", {1}},
                                    {"warnings", 1},
                                    {"phases_us", {{"boot", "x"}}},
                                    {"training", {{"events", 1}}},
                                    {"annotation", {{"kind", 5}}}}) {
    nlohmann::json json = whole_report();
    json[part] = value;
    CHECK_FALSE(report_from_json(json.dump()).has_value());
  }
  CHECK_FALSE(report_from_json("").has_value());
}

TEST_CASE("An error report read back is the one that was written") {
  const ErrorReport written{"Load.SyntaxError", "bad", {"one", "two"}, "/h.js", 3, 9, true};
  const auto read = fw::embed::error_report_from_json(to_json_text(written));
  REQUIRE(read.has_value());
  CHECK(read->error_type == written.error_type);
  CHECK(read->error_message == written.error_message);
  CHECK(read->trace == written.trace);
  CHECK(read->file == written.file);
  CHECK(read->line == 3);
  CHECK(read->column == 9);
  CHECK(read->retry);
}

TEST_CASE("An error report may lack a place, and quotes bytes that are no UTF-8") {
  const auto read = fw::embed::error_report_from_json(
      fw::embed::to_json_text({"T", "bytes \xff", {}, "", 0, 0, false}));
  REQUIRE(read.has_value());
  CHECK(read->file.empty());
  CHECK_FALSE(read->retry);
  CHECK_FALSE(fw::embed::error_report_from_json(R"({"errorMessage": "x"})").has_value());
}
