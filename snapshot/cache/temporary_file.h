// A file that appears under its name only when it is complete; else it is removed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>

#include "base/result.h"
#include "base/unique_fd.h"

namespace fw::cache {

class TemporaryFile {
 public:
  // An empty file of `size` bytes beside `final_path`.
  static Result<TemporaryFile> create(const std::filesystem::path& final_path, std::uint64_t size);
  TemporaryFile(TemporaryFile&&) noexcept = default;
  TemporaryFile& operator=(TemporaryFile&&) = delete;
  ~TemporaryFile();

  int fd() const { return fd_.get(); }
  Status publish();

 private:
  TemporaryFile(std::filesystem::path final_path, std::filesystem::path path, UniqueFd fd)
      : final_path_(std::move(final_path)), path_(std::move(path)), fd_(std::move(fd)) {}

  std::filesystem::path final_path_;
  std::filesystem::path path_;
  UniqueFd fd_;
};

Status write_at(int fd, std::uint64_t offset, std::span<const std::byte> bytes);

}  // namespace fw::cache
