#include "bench/peers/criu.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <filesystem>
#include <fstream>

#include "tests/scratch_folder.h"

using namespace fw;
using namespace fw::bench;

namespace {

// A script in place of criu.
std::filesystem::path make_criu(const test::ScratchFolder& folder, const std::string& check) {
  const std::filesystem::path path = folder / "criu";
  std::ofstream(path)
      << "#!/bin/sh\nif [ \"$1\" = --version ]; then echo 'Version: 3.17.1'; exit; fi\n"
      << check << "\n";
  ::chmod(path.c_str(), 0755);
  return path;
}

}  // namespace

TEST_CASE("CRIU is cited as a figure of no samples, which says that it was not measured") {
  Figures figures;
  cite_criu(figures);
  const Figure* cited = figures.find("cited.criu_numba");
  REQUIRE(cited != nullptr);
  CHECK(cited->summary.count == 0);
  CHECK(cited->value == 66'000);
  CHECK(cited->what.find("not measured") != std::string::npos);
}

TEST_CASE("Of what CRIU complains about, the first reason is told") {
  CHECK(criu_complaint("Error (criu/util.c:642): exited, status=1\n"
                       "Error (criu/vdso.c:381): vdso: Unexpected rt vDSO area bounds\n"
                       "Error (criu/crtools.c:260): Could not initialize\n") ==
        "vdso: Unexpected rt vDSO area bounds");
  CHECK(
      criu_complaint("Warn  (criu/a.c:1): something\nError (criu/b.c:2): last, without newline") ==
      "last, without newline");
  for (const char* text :
       {"", "\n", "Looks good.\n", "Error (", "Error (a.c:1): exited, status=1\n"}) {
    CAPTURE(text);
    CHECK(criu_complaint(text).empty());
  }
}

TEST_CASE("A CRIU that is missing, broken or working is told as such") {
  const test::ScratchFolder folder;
  CHECK(describe_criu(folder / "criu") == "CRIU is not installed here, so nothing of it was tried");
  CHECK(describe_criu(make_criu(folder, "echo 'Error (criu/c.c:1): no luck' >&2; exit 1")) ==
        "CRIU 3.17.1, installed here, does not run on this kernel (no luck)");
  CHECK(describe_criu(make_criu(folder, "echo Looks good.")) ==
        "CRIU 3.17.1 is installed here, and was not measured");
}

TEST_CASE("A CRIU that fails without a reason is told with all that it said") {
  const test::ScratchFolder folder;
  const std::string told = describe_criu(make_criu(folder, "exit 4"));
  CHECK(told.find("does not run on this kernel (") != std::string::npos);
  CHECK(told.find("exit") != std::string::npos);
}
