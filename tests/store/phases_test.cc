#include "store/phases.h"

#include <doctest/doctest.h>

#include <string>

using namespace fw;
using args::Instant;

namespace {

std::string text(const std::vector<store::Phase>& phases) {
  std::string joined;
  for (const store::Phase& phase : phases) {
    joined +=
        std::string(phase.name) + "=" + std::to_string(static_cast<long>(phase.microseconds)) + " ";
  }
  return joined;
}

}  // namespace

TEST_CASE("Each phase lasts from the instant before it to its own") {
  args::Timeline timeline{};
  for (std::size_t i = 0; i < timeline.size(); ++i) timeline[i] = 1'000'000 * (i + 1);
  CHECK(text(store::phases_of(timeline, 20'000'000)) ==
        "spawn=1000 check=1000 map=1000 descriptors=1000 threads=1000 resume=1000 reseed=1000 "
        "load=1000 handler=1000 answer=1000 deliver=9000 total=19000 ");
}

TEST_CASE("A missing instant joins its phase to the next") {
  args::Timeline timeline{};
  args::at(timeline, Instant::kRequested) = 1'000'000;
  args::at(timeline, Instant::kHandler) = 3'000'000;
  CHECK(text(store::phases_of(timeline, 4'000'000)) == "load=2000 deliver=1000 total=3000 ");
}

TEST_CASE("Instants that a clone made up neither run backwards nor beyond the answer") {
  args::Timeline timeline{};
  args::at(timeline, Instant::kRequested) = 5'000'000;
  args::at(timeline, Instant::kStarted) = 4'000'000;
  args::at(timeline, Instant::kMapped) = 6'000'000;
  args::at(timeline, Instant::kThreads) = ~std::uint64_t{0};
  CHECK(text(store::phases_of(timeline, 7'000'000)) == "map=1000 deliver=1000 total=2000 ");
}
