#include "bench/floor/floor.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <algorithm>
#include <fstream>

#include "tests/scratch_folder.h"

using namespace fw;
using namespace fw::bench;

namespace {

constexpr const char* kHelper = FW_BIN_DIR "/fwrun-bench-floor";

}  // namespace

TEST_CASE("The floor is measured as often as asked, in each way") {
  for (const char* what : {"fork", "exec", "handoff"}) {
    CAPTURE(what);
    const Result<std::vector<double>> samples = measure_floor(kHelper, what, 25);
    REQUIRE_MESSAGE(samples.has_value(), samples.error().message());
    CHECK(samples->size() == 25);
    CHECK(*std::min_element(samples->begin(), samples->end()) > 0);
  }
}

TEST_CASE("The helper refuses what it does not know, and says how it is used") {
  for (const char* what : {"spoon", ""}) {
    const Result<std::vector<double>> samples = measure_floor(kHelper, what, 5);
    REQUIRE_FALSE(samples);
    CHECK(samples.error().message().find("usage: fwrun-bench-floor") != std::string::npos);
  }
  CHECK_FALSE(measure_floor(kHelper, "fork", 0));
  CHECK_FALSE(measure_floor(kHelper, "fork", 1'000'000));
}

TEST_CASE("A helper that prints too little or something else is not believed") {
  const test::ScratchFolder folder;
  for (const char* output : {"12\\n", "1\\n2\\n3\\n", "1\\nx\\n", "1\\n2"}) {
    CAPTURE(output);
    const std::filesystem::path helper = folder / "helper";
    std::ofstream(helper) << "#!/bin/sh\nprintf '" << output << "'\n";
    ::chmod(helper.c_str(), 0755);
    const Result<std::vector<double>> samples = measure_floor(helper, "fork", 2);
    REQUIRE_FALSE(samples);
    CHECK(samples.error().message().find(" of 2 samples") != std::string::npos);
  }
}

TEST_CASE("Samples gathered in turn add up in two figures") {
  Floor floor{kHelper};
  REQUIRE(floor.measure_fork(3));
  REQUIRE(floor.measure_exec(2));
  REQUIRE(floor.measure_fork(4));
  Figures figures;
  floor.report(figures);
  CHECK(figures.find("floor.fork")->summary.count == 7);
  CHECK(figures.find("floor.exec")->summary.count == 2);
  CHECK_FALSE(Floor{"/nowhere"}.measure_fork(1));
}
