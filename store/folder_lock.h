// FolderLock: an exclusive flock(2) on a folder. It ends with the process that
// holds it, however that ends, which is how a live install is told from a dead
// one. No lock file is needed, and none is left.
#pragma once

#include <filesystem>
#include <optional>

#include "base/result.h"
#include "base/unique_fd.h"

namespace fw::store {

class FolderLock {
 public:
  // Waits for the lock. When the folder is renamed or deleted meanwhile, the one
  // that is at `path` now is locked instead; a system error (ENOENT) when there
  // is none.
  static Result<FolderLock> wait(const std::filesystem::path& folder);

  // nullopt when somebody else holds it.
  static Result<std::optional<FolderLock>> try_now(const std::filesystem::path& folder);

 private:
  explicit FolderLock(UniqueFd fd) : fd_(std::move(fd)) {}

  UniqueFd fd_;
};

}  // namespace fw::store
