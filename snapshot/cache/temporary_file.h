// A file without a name until it is complete: a process that is killed meanwhile
// leaves nothing behind.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>

#include "base/result.h"
#include "base/unique_fd.h"

namespace fw::cache {

class TemporaryFile {
 public:
  // An empty file on the file system of `folder` (O_TMPFILE).
  static Result<TemporaryFile> create(const std::filesystem::path& folder);

  int fd() const { return fd_.get(); }

  // Gives it its name. Success, too, when somebody else was first with the same.
  Status publish(const std::filesystem::path& path) const;

 private:
  explicit TemporaryFile(UniqueFd fd) : fd_(std::move(fd)) {}

  UniqueFd fd_;
};

Status write_at(int fd, std::uint64_t offset, std::span<const std::byte> bytes);

}  // namespace fw::cache
