#include "bench/program.h"

#include <doctest/doctest.h>

#include <cstdlib>
#include <filesystem>

#include "bench/endurance/leftovers.h"

using namespace fw;
using namespace fw::bench;

namespace {

Result<Finished> shell(const std::string& script, std::vector<std::string> environment = {}) {
  return run({"/bin/sh", {"-c", script}, std::move(environment)});
}

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("A program gets an empty environment but PATH and what is added") {
  ::setenv("NODE_EXTRA_CA_CERTS", "/somewhere", 1);
  const Result<Finished> plain = run({"/usr/bin/env", {}});
  REQUIRE(plain);
  CHECK(plain->output.starts_with("PATH=/"));
  CHECK(std::count(plain->output.begin(), plain->output.end(), '\n') == 1);
  const Result<Finished> added = run({"/usr/bin/env", {}, {"A=b"}});
  REQUIRE(added);
  CHECK(contains(added->output, "\nA=b\n"));
  CHECK(std::count(added->output.begin(), added->output.end(), '\n') == 2);
}

TEST_CASE("The time of the first line comes before the end, and all output is kept") {
  const Result<Finished> finished = shell("echo first; read nothing; echo second");
  REQUIRE(finished);
  CHECK(finished->output == "first\nsecond\n");
  CHECK(finished->first_line_ns > 0);
  CHECK(finished->end_ns > finished->first_line_ns);
}

TEST_CASE("A program that fails is reported with its end and what it wrote") {
  const Result<Finished> failed = shell("echo out; echo the reason >&2; exit 3");
  REQUIRE_FALSE(failed);
  CHECK(failed.error().message() == "/bin/sh exited with code 3; it wrote:\nthe reason\n");
  const Result<Finished> killed = shell("kill -9 $$");
  REQUIRE_FALSE(killed);
  CHECK(contains(killed.error().message(), "was killed by signal 9"));
}

TEST_CASE("A program that prints no line, or does not exist, is an error") {
  const Result<Finished> silent = shell("printf unfinished");
  REQUIRE_FALSE(silent);
  CHECK(contains(silent.error().message(), "/bin/sh printed nothing"));
  const Result<Finished> missing = run({"/nowhere/program", {}});
  REQUIRE_FALSE(missing);
  CHECK(contains(missing.error().message(), "start /nowhere/program: No such file"));
}

TEST_CASE("Running programs leaves nothing behind, whether they succeed or fail") {
  const Leftovers before = count_leftovers({}).value();
  for (const char* script : {"echo yes", "exit 1", "kill -9 $$", "printf x"}) {
    (void)shell(script);
  }
  (void)run({"/nowhere/program", {}});
  const Leftovers after = count_leftovers({}).value();
  CHECK(after.descriptors == before.descriptors);
  CHECK(after.processes == before.processes);
  CHECK(after.shared_memory == before.shared_memory);
}
