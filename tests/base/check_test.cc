#include "base/check.h"

#include <doctest/doctest.h>

#include "base/clock.h"
#include "base/files.h"
#include "tests/child.h"

namespace {

TEST_CASE("FW_CHECK does nothing when the condition holds") {
  int evaluated = 0;
  FW_CHECK(++evaluated == 1, "it is evaluated once");
  CHECK(evaluated == 1);
}

TEST_CASE("a failed FW_CHECK aborts and says where and why") {
  const fw::UniqueFd output = *fw::create_memfd("check-test");
  const fw::ExitStatus ended = fw::test::run_child([&] {
    ::dup2(output.get(), STDERR_FILENO);
    FW_CHECK(1 + 1 == 3, "arithmetic is as it was");
    return 0;
  });
  CHECK(ended.signalled);
  CHECK(ended.value == SIGABRT);
  const std::string said = *fw::read_file("/proc/self/fd/" + std::to_string(output.get()));
  CHECK(said.find("check_test.cc") != std::string::npos);
  CHECK(said.find("1 + 1 == 3 does not hold: arithmetic is as it was") != std::string::npos);
}

TEST_CASE("the monotonic clock never goes back, the wall clock counts from 1970") {
  const std::uint64_t first = fw::monotonic_ns();
  CHECK(fw::monotonic_ns() >= first);
  constexpr std::uint64_t kStartOf2020Ms = 1'577'836'800'000;
  CHECK(fw::wall_clock_ms() > kStartOf2020Ms);
}

}  // namespace
