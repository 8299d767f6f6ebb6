#include "embed/environment.h"

#include <doctest/doctest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <functional>
#include <string>

using fw::embed::Job;

namespace {

// Runs `check` in a child with the job's environment, as it replaces ours.
bool in_environment(const Job& job, const std::function<bool()>& check) {
  const pid_t child = ::fork();
  if (child == 0) ::_exit(fw::embed::apply_environment(job) && check() ? 0 : 1);
  int status = 0;
  ::waitpid(child, &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

bool is(const char* name, const char* value) {
  const char* found = ::getenv(name);
  return value == nullptr ? found == nullptr : found != nullptr && std::string(found) == value;
}

Job job_with(std::map<std::string, std::string> environment) {
  Job job;
  job.function_name = "hello";
  job.function_version = "3";
  job.entry = "/f/file.js";
  job.handler = "api.list";
  job.memory_mb = 256;
  job.environment = std::move(environment);
  return job;
}

}  // namespace

TEST_CASE("Variables of the installer do not reach the function") {
  ::setenv("FWRUN_TEST_SECRET", "x", 1);
  CHECK(in_environment(job_with({}), [] { return is("FWRUN_TEST_SECRET", nullptr); }));
  ::unsetenv("FWRUN_TEST_SECRET");
}

TEST_CASE("What was asked for is there, and wins") {
  CHECK(in_environment(job_with({{"A", "1"}, {"PATH", "/mine"}, {"_HANDLER", "own"}}), [] {
    return is("A", "1") && is("PATH", "/mine") && is("_HANDLER", "own");
  }));
}

TEST_CASE("A handler in Python that names its file already is not given it twice") {
  Job job = job_with({});
  job.entry = "/f/api.py";
  job.handler = "api.list";
  CHECK(in_environment(job, [] { return is("_HANDLER", "api.list"); }));
  job.handler = "list";
  CHECK(in_environment(job, [] { return is("_HANDLER", "api.list"); }));
  job.entry = "/f/api.js";
  job.handler = "api.list";  // a nested export in JavaScript
  CHECK(in_environment(job, [] { return is("_HANDLER", "api.api.list"); }));
}

TEST_CASE("The names that Lambda functions look for are there") {
  CHECK(in_environment(job_with({}), [] {
    return is("AWS_LAMBDA_FUNCTION_NAME", "hello") && is("AWS_LAMBDA_FUNCTION_VERSION", "3") &&
           is("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "256") && is("_HANDLER", "file.api.list") &&
           ::getenv("LAMBDA_TASK_ROOT") != nullptr && ::getenv("PATH") != nullptr;
  }));
}
