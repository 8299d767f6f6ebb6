#include "embed/job.h"

#include <doctest/doctest.h>

using fw::embed::Job;
using fw::embed::job_from_json;

namespace {

Job whole_job() {
  Job job;
  job.function_name = "hello";
  job.function_version = "3";
  job.entry = "/f/handler.js";
  job.handler = "api.list";
  job.image_path = "/i/image";
  job.training_events = "[{}]";
  job.environment = {{"A", "1"}, {"B", ""}};
  job.memory_mb = 256;
  job.timeout_ms = 1;
  job.hook_timeout_ms = 2;
  job.training_timeout_ms = 3;
  return job;
}

// The error of a job with one field changed.
std::string error_with(const char* name, nlohmann::json value) {
  nlohmann::json json = to_json(whole_job());
  json[name] = std::move(value);
  const auto job = job_from_json(json.dump());
  REQUIRE_FALSE(job.has_value());
  CHECK(job.error().code() == fw::Errc::kBadInput);
  return job.error().message();
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("A job read back is the job that was written") {
  const auto job = job_from_json(to_json(whole_job()).dump());
  REQUIRE(job.has_value());
  CHECK(to_json(*job) == to_json(whole_job()));
}

TEST_CASE("A job needs only names, entry and image; the rest has defaults") {
  const auto job = job_from_json(R"({"function_name": "f", "entry": "/e.js", "image_path": "/i"})");
  REQUIRE(job.has_value());
  CHECK(job->memory_mb == Job().memory_mb);
  CHECK(job->timeout_ms == Job().timeout_ms);
  CHECK(job->environment.empty());
}

TEST_CASE("What is not a job is told so") {
  CHECK(contains(job_from_json("{").error().message(), "not JSON"));
  CHECK(contains(job_from_json("[]").error().message(), "not a JSON object"));
  CHECK(contains(job_from_json("{}").error().message(), "function_name"));
}

TEST_CASE("A wrong field is named") {
  CHECK(contains(error_with("entry", 5), "\"entry\" of the job must be a string"));
  CHECK(contains(error_with("memory_mb", "1"), "\"memory_mb\" of the job must be a whole number"));
  CHECK(contains(error_with("memory_mb", -1), "memory_mb"));
  CHECK(contains(error_with("function_name", ""), "names no function"));
  CHECK(contains(error_with("entry", "handler.js"), "absolute"));
  CHECK(contains(error_with("image_path", "image"), "absolute"));
  CHECK(contains(error_with("signature", "odd"), "auto, http or event, not \"odd\""));
  CHECK(contains(error_with("timeout_ms", 0), "time limits"));
  CHECK(contains(error_with("hook_timeout_ms", std::uint64_t{1} << 40), "time limits"));
  CHECK(contains(error_with("environment", nlohmann::json::array()), "environment"));
  CHECK(contains(error_with("environment", {{"A", 1}}), "must be a string"));
  CHECK(contains(error_with("environment", {{"A=B", "1"}}), "cannot be"));
  CHECK(contains(error_with("environment", {{"A", std::string("x\0y", 3)}}), "cannot be"));
}
