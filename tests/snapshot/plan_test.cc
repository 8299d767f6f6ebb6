// The checks of a plan, without any process: runs under sanitizers, too.
#include <doctest/doctest.h>

#include <cstring>

#include "tests/snapshot/plan_mutations.h"
#include "tests/snapshot/plan_probe.h"
#include "tests/snapshot/plan_seed.h"

using namespace fw::test;

TEST_CASE("A plan with records of every kind is accepted") {
  const Probe probe = probe_plan(make_head_with_plan(), false);
  CHECK_MESSAGE(probe.accepted, probe.reason);
}

TEST_CASE("A head that ends early is refused at every length") {
  const std::vector<char> head = make_head_with_plan();
  for (std::size_t size = 0; size < head.size(); ++size) {
    const Probe probe = probe_plan({head.data(), size}, true);
    CHECK(!probe.accepted);
  }
}

TEST_CASE("Every byte of a plan counts: flipped, the plan is refused") {
  std::vector<char> head = make_head_with_plan();
  constexpr std::size_t kPlan = 4096 + 24;
  for (std::size_t at = kPlan; at < head.size(); ++at) {
    head[at] = static_cast<char>(~head[at]);
    CHECK(!probe_plan(head, false).accepted);
    head[at] = static_cast<char>(~head[at]);
  }
}

TEST_CASE("No mutant of a plan crashes the checks, or refers outside if accepted") {
  const MutationRun run = run_mutations(make_head_with_plan(), 20220408, 40'000);
  CHECK(run.accepted > 100);  // harmless damage, with a right checksum
  CHECK(run.refused.size() > 15);
}
