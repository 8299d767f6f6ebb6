#include "bench/rounds.h"

#include <doctest/doctest.h>

#include <string>

using namespace fw;
using namespace fw::bench;

namespace {

// Notes what is measured, in order: "aab".
Lane noting(std::string& notes, char name, std::size_t total) {
  return {total, [&notes, name](std::size_t count) -> Status {
            notes.append(count, name);
            return {};
          }};
}

}  // namespace

TEST_CASE("Lanes take turns, each with its share of every round") {
  std::string notes;
  REQUIRE(run_rounds({noting(notes, 'a', 4), noting(notes, 'b', 2), noting(notes, 'c', 6)}, 2));
  CHECK(notes == "aabcccaabccc");
}

TEST_CASE("Every lane gets exactly its samples, also where they do not divide evenly") {
  for (const std::size_t total : {0, 1, 2, 7, 20, 21, 99}) {
    CAPTURE(total);
    std::string notes;
    REQUIRE(run_rounds({noting(notes, 'a', total)}, 20));
    CHECK(notes.size() == total);
  }
}

TEST_CASE("The first failure ends the rounds") {
  std::string notes;
  const Lane failing{2, [](std::size_t) -> Status { return fail(Errc::kInternal, "broken"); }};
  const Status ended = run_rounds({noting(notes, 'a', 4), failing, noting(notes, 'b', 4)}, 4);
  REQUIRE_FALSE(ended);
  CHECK(ended.error().message() == "broken");
  CHECK(notes == "aba");  // the failing lane has no share in the first round
}
