// Reading an image: its plan, checked; and the thorough verification that a
// restore has no time for.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

#include "base/mapping.h"
#include "base/result.h"
#include "base/unique_fd.h"
#include "snapshot/image/format.h"

namespace fw::image {

// An open image whose plan has passed validate_plan(). Immutable; any thread.
class ImageReader {
 public:
  // kRefused, with the reason, when the file is no image, truncated or altered;
  // kSystem when it cannot be read.
  static Result<ImageReader> open(const std::filesystem::path& path);
  // The same for a descriptor, which stays the caller's. `name` is for messages.
  static Result<ImageReader> of_fd(int fd, std::string name);

  const Plan& plan() const { return *plan_; }
  template <typename T>
  std::span<const T> table(Table which) const {
    return {records<T>(plan_, which), which.count};
  }
  std::string_view string(Bytes bytes) const { return {text(plan_, bytes), bytes.length}; }

  // The whole file, read-only.
  std::span<const std::byte> bytes() const { return file_.bytes(); }
  const std::string& name() const { return name_; }

 private:
  ImageReader(std::string name, Mapping file, const Plan* plan)
      : name_(std::move(name)), file_(std::move(file)), plan_(plan) {}

  std::string name_;
  Mapping file_;
  const Plan* plan_;
};

// Checks that this machine is the one the image was made on: kernel, CPU features,
// and each mapped file's size, modification time and build-id. kRefused otherwise.
Status check_fingerprint(const ImageReader& image);

// Of this only the files' size and modification time: what an image must be asked
// before it is restored from a pack.
Status check_files(const ImageReader& image);

struct Verified {
  std::uint64_t image_bytes = 0;
  std::uint64_t page_bytes = 0;  // contents whose checksums were compared
  std::size_t files = 0;         // mapped files found unchanged
};

// Checks everything: plan, head, every page's checksum, and the fingerprint.
Result<Verified> verify_image(const std::filesystem::path& path);

}  // namespace fw::image
