// What fwrun-bench refuses before it measures anything, and how it says so.
#include <doctest/doctest.h>

#include <cstdlib>
#include <fstream>

#include "base/files.h"
#include "tests/bench/bench_command.h"
#include "tests/scratch_folder.h"

using namespace fw;
using namespace fw::test;

TEST_CASE("Help goes to standard output, bad usage to standard error") {
  const Ended help = run_bench({"--help"});
  CHECK(help.code == 0);
  CHECK(help.out.starts_with("fwrun-bench: "));
  CHECK(help.err.empty());
  const Ended bad = run_bench({"--frobnicate"});
  CHECK(bad.code == 2);
  CHECK(bad.out.empty());
  CHECK(bad.err.starts_with("fwrun-bench: "));
}

TEST_CASE("Results that must not be written over are refused before anything is measured") {
  const ScratchFolder folder;
  std::ofstream(folder / "notes.json") << "something else";
  const Ended other = run_bench({"--quick", "--results", (folder / "notes.json").string(),
                                 "--folder", folder.path().string()});
  CHECK(other.code == 2);
  CHECK(other.err.find("notes.json is no file of results") != std::string::npos);
  CHECK(read_file(folder / "notes.json").value() == "something else");

  std::ofstream(folder / "examples.json") << R"({"suites": {"restore": {}}})";
  const Ended mixed =
      run_bench({"--quick", "--function", "f", "--results", (folder / "examples.json").string(),
                 "--folder", folder.path().string()});
  CHECK(mixed.code == 2);
  CHECK(mixed.err.find("holds the figures of the examples") != std::string::npos);
  CHECK(folder.entries() == 2);
}

TEST_CASE("A function that is not installed is not found, and nothing is left") {
  const ScratchFolder folder;
  ::setenv("FWRUN_HOME", (folder / "home").c_str(), 1);
  std::filesystem::create_directories(folder / "work");
  const Ended ended =
      run_bench({"--quick", "--function", "nobody", "--folder", (folder / "work").string()});
  ::unsetenv("FWRUN_HOME");
  CHECK(ended.code == 4);
  CHECK(ended.err.find("nobody") != std::string::npos);
  CHECK(std::filesystem::is_empty(folder / "work"));
}

TEST_CASE("A folder that cannot be used is an error with the way out") {
  const Ended ended = run_bench({"--quick", "--folder", "/nowhere"});
  CHECK(ended.code == 70);
  CHECK(ended.err.find("make a folder in /nowhere (--folder names another)") != std::string::npos);
}

TEST_CASE("Refreshing a readme needs results of the examples") {
  const ScratchFolder folder;
  std::ofstream(folder / "README.md") << "<!-- bench:begin -->\n<!-- bench:end -->\n";
  const Ended ended = run_bench({"--readme", "README.md", "--results", "none.json"}, folder.path());
  CHECK(ended.code == 4);
  CHECK(ended.err.find("run the benchmark first") != std::string::npos);
  CHECK(folder.entries() == 1);
}
