// A cache (snapshot/cache) of our own, which takes nothing from a user's and
// leaves nothing in it.
#pragma once

#include <filesystem>
#include <utility>

#include "base/result.h"
#include "snapshot/cache/folder.h"

namespace fw::bench {

class CacheFolder {
 public:
  // kSystem when this user may not mount one.
  static Result<CacheFolder> mount(std::filesystem::path path) {
    FW_TRY(cache::ensure_mounted(path));
    return CacheFolder(std::move(path));
  }
  CacheFolder(CacheFolder&& other) noexcept
      : path_(std::exchange(other.path_, std::filesystem::path())) {}
  CacheFolder& operator=(CacheFolder&& other) noexcept {
    if (this != &other) {
      leave();
      path_ = std::exchange(other.path_, std::filesystem::path());
    }
    return *this;
  }
  CacheFolder(const CacheFolder&) = delete;
  CacheFolder& operator=(const CacheFolder&) = delete;
  ~CacheFolder() { leave(); }

  const std::filesystem::path& path() const { return path_; }

 private:
  explicit CacheFolder(std::filesystem::path path) : path_(std::move(path)) {}
  void leave() {
    if (!path_.empty()) (void)cache::unmount(path_);
  }

  std::filesystem::path path_;  // empty when moved from
};

}  // namespace fw::bench
