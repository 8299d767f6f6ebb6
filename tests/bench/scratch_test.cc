#include "bench/scratch.h"

#include <doctest/doctest.h>

#include <csignal>
#include <fstream>
#include <optional>

#include "tests/child.h"
#include "tests/scratch_folder.h"

using namespace fw;
using namespace fw::bench;
namespace fs = std::filesystem;

TEST_CASE("A scratch folder is gone with all it holds when its run ends") {
  const test::ScratchFolder parent;
  {
    const Result<Scratch> scratch = Scratch::create(parent.path());
    REQUIRE(scratch);
    fs::create_directories(scratch->path() / "a/b");
    std::ofstream(scratch->path() / "a/b/file") << "text";
    CHECK(parent.entries() == 1);
    CHECK((fs::status(scratch->path()).permissions() & fs::perms::others_all) == fs::perms::none);
  }
  CHECK(parent.entries() == 0);
}

TEST_CASE("A run deletes what a killed run left and leaves a live one alone") {
  const test::ScratchFolder parent;
  const Process dead = test::start_child([&] {
    const Result<Scratch> scratch = Scratch::create(parent.path());
    std::ofstream(scratch->path() / "file") << "text";
    ::raise(SIGKILL);
    return 0;
  });
  (void)const_cast<Process&>(dead).wait();
  REQUIRE(parent.entries() == 1);

  const Result<Scratch> first = Scratch::create(parent.path());
  REQUIRE(first);
  CHECK(parent.entries() == 1);
  const Result<Scratch> second = Scratch::create(parent.path());
  REQUIRE(second);
  CHECK(parent.entries() == 2);
  CHECK(fs::exists(first->path()));
}

TEST_CASE("Files of others beside it are not touched") {
  const test::ScratchFolder parent;
  fs::create_directories(parent / "fwrun-other");
  std::ofstream(parent / "file") << "text";
  { REQUIRE(Scratch::create(parent.path())); }
  CHECK(parent.entries() == 2);
}

TEST_CASE("A folder that cannot be used is named, with the way out") {
  const Result<Scratch> scratch = Scratch::create("/proc");
  REQUIRE_FALSE(scratch);
  CHECK(scratch.error().message().starts_with("make a folder in /proc (--folder names another)"));
}
