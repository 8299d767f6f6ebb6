// What a pool gives up when memory gets short, and what it does not.
#include <doctest/doctest.h>
#include <sys/mman.h>

#include <vector>

#include "base/mapping.h"
#include "tests/pool/nested_cgroup.h"
#include "tests/pool/serving.h"

using namespace fw;
using namespace fw::testing;

namespace {

constexpr std::uint64_t kMb = std::uint64_t{1} << 20;

void install(Serving& serving) {
  const Finished finished =
      serving.installed()
          .command({"--json", "--install", FW_SOURCE_DIR "/tests/pool/functions/misdeeds.js",
                    "--timeout", "60"})
          .run();
  REQUIRE_MESSAGE(finished.code == 0, finished.out);
}

void park_some(Serving& serving, int count) {
  std::vector<Serving::Answer> answers;
  for (int i = 0; i < count; ++i) {
    answers.push_back(serving.begin("misdeeds", R"({"do": "wait", "ms": 100})"));
  }
  for (Serving::Answer& answer : answers) REQUIRE(Serving::await(answer).has_value());
}

}  // namespace

TEST_CASE("short memory ends idle clones, then the template, and no invocation") {
  const std::optional<Nested> nested = Nested::make();
  if (!nested) return;
  REQUIRE(nested->limit_outer(1500 * kMb));
  pool::Options options = Serving::default_options();
  options.low_memory_bytes = 500 * kMb;
  Serving serving(options);
  install(serving);
  REQUIRE(nested->enter());
  park_some(serving, 8);
  Serving::Answer running = serving.begin("misdeeds", R"({"do": "wait", "ms": 6000})");
  REQUIRE(serving.until("misdeeds", [](const auto& stats) { return stats.running == 1; }));
  const pool::FunctionStats before = serving.stats("misdeeds");
  CHECK(before.parked >= 6);
  CHECK(before.templates == 1);
  {
    const Result<Mapping> hog = Mapping::anonymous(1200 * kMb, PROT_READ | PROT_WRITE);
    REQUIRE(hog.has_value());
    for (std::size_t at = 0; at < hog->size(); at += 4096) hog->data()[at] = std::byte{1};
    CHECK(serving.until("misdeeds", [](const auto& stats) { return stats.parked == 0; }));
    CHECK(serving.stats("misdeeds").running == 1);
    const Result<pool::Served> served = Serving::await(running);
    REQUIRE(served.has_value());
    CHECK(served->invoked.ending == store::Ending::kResult);
    CHECK(serving.until("misdeeds", [](const auto& stats) { return stats.templates == 0; }));
  }
  const pool::PoolStats stats = serving.pool().stats();
  CHECK(stats.shed_clones >= 6);
  CHECK(stats.shed_templates == 1);
  CHECK(serving.result("misdeeds")["kept"] == 0);
  serving.close();
  CHECK(nested->leave());
}
