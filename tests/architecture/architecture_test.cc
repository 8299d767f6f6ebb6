// The tree that this test was built from obeys docs/architecture.md.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "base/files.h"
#include "tests/architecture/breaches.h"
#include "tests/scratch_folder.h"

namespace {

namespace fs = std::filesystem;
using namespace fw::architecture;

const fs::path kTop = FW_SOURCE_DIR;

fw::Result<Rules> rules_of(const fs::path& top) {
  FW_TRY_ASSIGN(const std::string document, fw::read_file(top / "docs/architecture.md"));
  return parse_rules(document);
}

std::string in_lines(const Breaches& breaches) {
  std::string text;
  for (const std::string& breach : breaches) text += "\n  " + breach;
  return text;
}

int check_layout(const fs::path& top, const std::string& output = {}) {
  const std::string script = (kTop / "tests/architecture/check_layout.sh").string();
  return std::system(("bash '" + script + "' '" + top.string() + "'" + output).c_str());
}

TEST_CASE("the source obeys the rules of docs/architecture.md") {
  const fw::Result<Rules> rules = rules_of(kTop);
  REQUIRE_MESSAGE(rules, rules.error().message());
  const fw::Result<Tree> tree = load_tree(kTop);
  REQUIRE_MESSAGE(tree, tree.error().message());
  CHECK(std::any_of(tree->begin(), tree->end(),
                    [](const SourceFile& file) { return file.path == "base/result.h"; }));
  const Breaches breaches = all_breaches(*rules, *tree);
  CHECK_MESSAGE(breaches.empty(), in_lines(breaches));
}

TEST_CASE("every folder of the tree that holds sources has a row in the include table") {
  const fw::Result<Rules> rules = rules_of(kTop);
  REQUIRE(rules);
  const fw::Result<Tree> tree = load_tree(kTop);
  REQUIRE(tree);
  for (const SourceFile& file : *tree) {
    if (is_cpp(file)) CHECK_MESSAGE(rules->row_of(file.path) != nullptr, file.path);
  }
}

TEST_CASE("every source is laid out by clang-format") { CHECK(check_layout(kTop) == 0); }

TEST_CASE("a source that is not laid out by clang-format is found") {
  const fw::test::ScratchFolder folder;
  fs::copy_file(kTop / ".clang-format", folder / ".clang-format");
  REQUIRE(fw::write_file_atomically(folder / "good.cc", "int main() { return 0; }\n"));
  CHECK(check_layout(folder.path()) == 0);
  REQUIRE(fw::write_file_atomically(folder / "bad.cc", "int  main( )\n{ return 0;}\n"));
  CHECK(check_layout(folder.path(), " 2>/dev/null") != 0);
}

TEST_CASE("a breach in a tree on disk is found, tracked by git or not") {
  const fw::test::ScratchFolder folder;
  fs::create_directories(folder / "docs");
  fs::create_directories(folder / "base");
  fs::copy_file(kTop / "docs/architecture.md", folder / "docs/architecture.md");
  REQUIRE(fw::write_file_atomically(folder / "base/result.cc", "#include \"store/home.h\"\n"));
  const fw::Result<Tree> tree = load_tree(folder.path());
  REQUIRE(tree);
  CHECK(tree->size() == 2);
  CHECK(all_breaches(*rules_of(folder.path()), *tree) ==
        Breaches{"base/result.cc:1: base may not include store (\"store/home.h\")"});

  const std::string git = "git -C '" + folder.path().string() + "' ";
  REQUIRE(std::system((git + "init -q && " + git + "add base").c_str()) == 0);
  const fw::Result<Tree> tracked = load_tree(folder.path());
  REQUIRE(tracked);
  CHECK(tracked->size() == 1);
}

}  // namespace
