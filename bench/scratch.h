// Scratch: a folder for one run of the benchmark, gone at its end. A run that was
// killed leaves its folder; the next run beside it deletes that.
#pragma once

#include <filesystem>
#include <optional>

#include "base/result.h"
#include "store/folder_lock.h"

namespace fw::bench {

class Scratch {
 public:
  // A new folder in `parent`, which must exist, readable by its owner alone.
  static Result<Scratch> create(const std::filesystem::path& parent);
  Scratch(Scratch&& other) noexcept;
  Scratch& operator=(Scratch&&) = delete;
  ~Scratch();

  const std::filesystem::path& path() const { return path_; }

 private:
  Scratch(std::filesystem::path path, store::FolderLock lock)
      : path_(std::move(path)), lock_(std::move(lock)) {}

  std::filesystem::path path_;  // empty when moved from
  // Says to others that this run is alive.
  store::FolderLock lock_;
};

}  // namespace fw::bench
