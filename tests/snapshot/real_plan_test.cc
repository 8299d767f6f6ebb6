// The checks of a plan, on mutants of what a capture wrote.
#include <doctest/doctest.h>

#include "tests/snapshot/guest_runner.h"
#include "tests/snapshot/image_file.h"
#include "tests/snapshot/plan_mutations.h"
#include "tests/snapshot/plan_probe.h"

using namespace fw::test;

TEST_CASE("No mutant of a real image's head crashes the checks or fools them") {
  for (const char* name : {"many_threads", "descriptor_numbers", "memfd_mapped"}) {
    CAPTURE(name);
    const Guest guest(name);
    REQUIRE(guest.capture(Pids::kPatched));
    const ImageFile copy(guest.image(), guest.folder() / "copy");
    const std::vector<char> head = copy.head();
    CHECK(probe_plan(head, false).accepted);
    const MutationRun run = run_mutations(head, 19470611, 8'000);
    CHECK(run.accepted > 100);
    CHECK(run.refused.size() > 8);
  }
}
