// Whatever an invocation does to memory is undone by a reset.
#include <doctest/doctest.h>

#include "tests/snapshot/reset_runner.h"

using namespace fw::test;

namespace {

constexpr std::uint32_t kRounds = 300;

std::uint32_t woken(const fw::guest::Notebook& notebook, fw_snapshot_how how) {
  return notebook.woken[how];
}

}  // namespace

TEST_CASE("Memory that the program wrote to is what it was after every reset") {
  const Guest guest("resets/memory");
  REQUIRE(guest.capture(Pids::kPatched));
  for (const char* deed :
       {"nothing", "counters", "heap", "more than is kept", "reservation", "break", "lower break",
        "trim", "new mappings", "unmapped memory", "replaced memory", "protections",
        "rewritten constants", "dont need", "stack", "locked memory"}) {
    expect_all_reset(guest, {.deed = deed, .rounds = kRounds});
    expect_all_reset(guest, {.deed = deed, .rounds = kRounds, .watch = true});
  }
}

TEST_CASE("Memory is what it was in a PID namespace, too") {
  const Guest guest("resets/memory");
  REQUIRE(guest.capture(Pids::kKept));
  for (const char* deed : {"counters", "break", "unmapped memory"}) {
    expect_all_reset(guest, {.pids = Pids::kKept, .deed = deed, .rounds = kRounds});
  }
}

TEST_CASE("A reset looks at all there is when nobody watched the program") {
  const Guest guest("resets/memory");
  REQUIRE(guest.capture(Pids::kPatched));
  fw::guest::Notebook notebook;
  expect_all_reset(guest, {.deed = "counters", .rounds = kRounds}, &notebook);
  CHECK(woken(notebook, FW_WOKEN_BY_RESET_FULL) == kRounds);
}

TEST_CASE("A reset copies the pages it knows when only they can have changed") {
  const Guest guest("resets/memory");
  REQUIRE(guest.capture(Pids::kPatched));
  fw::guest::Notebook notebook;
  expect_all_reset(guest, {.deed = "counters", .rounds = kRounds, .watch = true}, &notebook);
  CHECK(woken(notebook, FW_WOKEN_BY_RESET_FULL) == 0);
  CHECK(woken(notebook, FW_WOKEN_BY_RESET_SCAN) >= 1);
  CHECK(woken(notebook, FW_WOKEN_BY_RESET_SCAN) <= 5);
  CHECK(woken(notebook, FW_WOKEN_BY_RESET_FAST) >= kRounds - 5);
}

TEST_CASE("A reset looks at all there is when a watched program changed its mappings") {
  const Guest guest("resets/memory");
  REQUIRE(guest.capture(Pids::kPatched));
  for (const char* deed : {"new mappings", "protections", "break"}) {
    fw::guest::Notebook notebook;
    expect_all_reset(guest, {.deed = deed, .rounds = kRounds, .watch = true}, &notebook);
    CHECK(woken(notebook, FW_WOKEN_BY_RESET_FULL) == kRounds);
  }
}

TEST_CASE("A fork of a template is reset like any other process") {
  for (const Pids pids : {Pids::kPatched, Pids::kKept}) {
    const Guest guest("resets/memory");
    REQUIRE(guest.capture(pids));
    for (const char* deed : {"counters", "heap", "unmapped memory", "rewritten constants"}) {
      fw::guest::Notebook notebook;
      expect_all_reset(
          guest, {.pids = pids, .deed = deed, .rounds = kRounds, .watch = true, .forked = true},
          &notebook);
    }
  }
}
