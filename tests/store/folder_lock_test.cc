#include "store/folder_lock.h"

#include <doctest/doctest.h>

#include <cerrno>
#include <filesystem>
#include <future>

#include "tests/store/temp_folder.h"

using fw::store::FolderLock;
using fw::testing::TempFolder;

TEST_CASE("A folder is locked once, until the lock's end") {
  const TempFolder temp;
  {
    const fw::Result<FolderLock> lock = FolderLock::wait(temp);
    REQUIRE(lock);
    CHECK_FALSE(FolderLock::try_now(temp)->has_value());
  }
  CHECK(FolderLock::try_now(temp)->has_value());
}

TEST_CASE("Whoever waits for a folder that is replaced locks the new one") {
  const TempFolder temp;
  std::filesystem::create_directory(temp / "a");
  fw::Result<FolderLock> old = FolderLock::wait(temp / "a");
  REQUIRE(old);
  std::filesystem::rename(temp / "a", temp / "b");
  std::filesystem::create_directory(temp / "a");
  // The waiter may open the new folder at once or queue behind `old`, through
  // the name that it had before: it must end with the new one either way.
  auto waiter = std::async(std::launch::async, [&] { return FolderLock::wait(temp / "a"); });
  const fw::Result<FolderLock> lock = waiter.get();
  REQUIRE(lock);
  CHECK_FALSE(FolderLock::try_now(temp / "a")->has_value());
  CHECK_FALSE(FolderLock::try_now(temp / "b")->has_value());
}

TEST_CASE("A folder that is not there cannot be locked") {
  const TempFolder temp;
  const fw::Result<FolderLock> lock = FolderLock::wait(temp / "none");
  REQUIRE_FALSE(lock);
  CHECK(lock.error().sys_errno() == ENOENT);
}
