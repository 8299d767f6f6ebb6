#include "store/install/require_jit.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

using namespace fw::store;
using nlohmann::json;

namespace {

json function(const char* name, bool annotated, bool optimised, const char* reason = "") {
  return {{"name", name},
          {"file", "/f/app.py"},
          {"line", 7},
          {"tier", optimised ? "numba" : "interpreted"},
          {"annotated", annotated},
          {"optimised", optimised},
          {"reason", reason}};
}

json report_with(json functions) {
  const json probe = {{"event", ""}, {"result", ""}, {"stable", false}};
  return {{"runtime", "test"},
          {"annotation", {{"kind", "default"}}},
          {"functions", std::move(functions)},
          {"training",
           {{"events", 0},
            {"rounds", 0},
            {"first_call_us", 0},
            {"steady_call_us", 0},
            {"probe", probe}}},
          {"phases_us", json::object()},
          {"snapshot",
           {{"image_bytes", 0},
            {"captured_pages", 0},
            {"mappings", 0},
            {"threads", 1},
            {"descriptors", 0}}}};
}

}  // namespace

TEST_CASE("Annotated functions that are optimised, and others that are not, are what was asked") {
  json report =
      report_with({function("fast", true, true), function("plain", false, false, "cold")});
  const json before = report;
  CHECK_FALSE(unmet_jit(report));
  CHECK(report == before);
}

TEST_CASE("Annotated functions that are not optimised are told with place, name and reason") {
  json report = report_with({function("fast", true, true),
                             function("slow", true, false, "it holds a generator"),
                             function("", true, false)});
  const auto unmet = unmet_jit(report);
  REQUIRE(unmet);
  CHECK(unmet->error.code() == fw::Errc::kFunction);
  const std::string& message = unmet->error.message();
  CHECK(message.starts_with("2 of 3 annotated functions could not be optimised"));
  CHECK(message.find("\n    /f/app.py:7: slow: it holds a generator") != std::string::npos);
  CHECK(message.find("\n    /f/app.py:7: (anonymous): it remains interpreted") !=
        std::string::npos);
  CHECK(unmet->detail["errorType"] == "Jit.NotOptimised");
  REQUIRE(unmet->detail["functions"].size() == 2);
  CHECK(unmet->detail["functions"][0]["reason"] == "it holds a generator");
}

TEST_CASE("Where nothing is annotated nothing is required, which a warning says") {
  json report = report_with({function("plain", false, false, "cold")});
  CHECK_FALSE(unmet_jit(report));
  REQUIRE(report["warnings"].size() == 1);
  CHECK(report["warnings"][0].get<std::string>().find("no function is annotated") !=
        std::string::npos);
}

TEST_CASE("A report that cannot be read is a failure, not a success") {
  json report = {{"functions", 3}};
  const auto unmet = unmet_jit(report);
  REQUIRE(unmet);
  CHECK(unmet->error.code() == fw::Errc::kBadInput);
}
