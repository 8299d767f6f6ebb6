// Which system calls of a watched program make a reset look at everything.
#include <doctest/doctest.h>
#include <unistd.h>

#include "tests/snapshot/reset_runner.h"

using namespace fw::test;

namespace {

constexpr std::uint32_t kRounds = 200;

fw::guest::Notebook rounds_of(const char* deed) {
  const Guest guest("resets/watched");
  REQUIRE(guest.capture(Pids::kPatched));
  fw::guest::Notebook notebook{};
  expect_all_reset(guest, {.deed = deed, .rounds = kRounds, .watch = true}, &notebook);
  return notebook;
}

}  // namespace

TEST_CASE("Calls that change nothing, and calls that only give pages back, leave a reset fast") {
  for (const char* deed : {"harmless calls", "reset while watched", "given back pages",
                           "given back pages of the image"}) {
    const fw::guest::Notebook notebook = rounds_of(deed);
    CHECK(notebook.woken[FW_WOKEN_BY_RESET_FULL] == 0);
    CHECK(notebook.woken[FW_WOKEN_BY_RESET_FAST] + notebook.woken[FW_WOKEN_BY_RESET_SCAN] ==
          kRounds);
  }
  CHECK(rounds_of("harmless calls").woken[FW_WOKEN_BY_RESET_FAST] >= kRounds - 5);
}

TEST_CASE("One other call, or many harmless ones, make a reset look at everything") {
  for (const char* deed :
       {"many harmless calls", "one call that matters", "compatibility call", "vfork and exec",
        "own handler of SIGSYS", "blocked SIGSYS", "watched twice"}) {
    CHECK(rounds_of(deed).woken[FW_WOKEN_BY_RESET_FULL] == kRounds);
  }
}
