#include "bench/restores/jit_tally.h"

#include <doctest/doctest.h>

using namespace fw;
using namespace fw::bench;

namespace {

store::Invoked answered(args::Jit jit, std::vector<std::string> notes = {}) {
  store::Invoked invoked;
  invoked.jit = jit;
  invoked.jit_notes = std::move(notes);
  return invoked;
}

}  // namespace

TEST_CASE("Calls are counted by whether they ran what was compiled before the snapshot") {
  JitTally tally;
  tally.add(answered(args::Jit::kPostJit));
  tally.add(answered(args::Jit::kNothing));
  tally.add(answered(args::Jit::kLost));
  CHECK(tally.calls == 3);
  CHECK(tally.without == 2);
  CHECK(tally.lost == 1);
}

TEST_CASE("The first loss that tells anything is kept") {
  JitTally tally;
  tally.add(answered(args::Jit::kPostJit, {"not a loss"}));
  tally.add(answered(args::Jit::kLost));
  CHECK(tally.first_loss.empty());
  tally.add(answered(args::Jit::kLost, {"first", "second"}));
  tally.add(answered(args::Jit::kLost, {"third"}));
  CHECK(tally.first_loss == "first");
}
