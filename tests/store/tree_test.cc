#include "store/tree.h"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <thread>

#include "tests/store/temp_folder.h"

using namespace fw::store;
using fw::testing::TempFolder;
using fw::testing::write_text;

TEST_CASE("A tree is deleted with all that is in it, and links are not followed") {
  const TempFolder temp;
  write_text(temp / "kept/file", "x");
  write_text(temp / "tree/a/b/c", "x");
  write_text(temp / "tree/d", "x");
  std::filesystem::create_directory_symlink(temp / "kept", temp / "tree/a/link");
  REQUIRE(remove_tree(temp / "tree"));
  CHECK_FALSE(std::filesystem::exists(temp / "tree"));
  CHECK(std::filesystem::exists(temp / "kept/file"));
}

TEST_CASE("Deleting what is not there, or one file, succeeds") {
  const TempFolder temp;
  CHECK(remove_tree(temp / "none"));
  write_text(temp / "file", "x");
  CHECK(remove_tree(temp / "file"));
  CHECK_FALSE(std::filesystem::exists(temp / "file"));
}

TEST_CASE("Two may delete one tree at the same time") {
  const TempFolder temp;
  for (int i = 0; i < 200; ++i)
    write_text(temp / ("tree/" + std::to_string(i % 10) + "/" + std::to_string(i)), "");
  fw::Status other;
  std::thread thread([&] { other = remove_tree(temp / "tree"); });
  const fw::Status mine = remove_tree(temp / "tree");
  thread.join();
  CHECK(mine);
  CHECK(other);
  CHECK_FALSE(std::filesystem::exists(temp / "tree"));
}

TEST_CASE("A tree is synced through, skipping what is no file, and a missing one is an error") {
  const TempFolder temp;
  write_text(temp / "tree/a/b", "x");
  ::mkfifo((temp / "tree/fifo").c_str(), 0600);
  CHECK(sync_tree(temp / "tree"));
  CHECK_FALSE(sync_tree(temp / "none"));
}
