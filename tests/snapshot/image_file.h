// A copy of an image, to be damaged.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/unique_fd.h"
#include "snapshot/image/format.h"
#include "snapshot/image/validate.h"

namespace fw::test {

class ImageFile {
 public:
  // Copies `original` to `path`.
  ImageFile(const std::filesystem::path& original, const std::filesystem::path& path);

  const std::filesystem::path& path() const { return path_; }
  std::uint64_t size() const { return size_; }
  // Where the plan begins, and how long it is.
  std::uint64_t plan_offset() const { return location_.note_offset + image::kPlanNoteHeader; }
  std::uint64_t plan_bytes() const { return location_.plan_bytes; }
  // The bytes of the file before its pages.
  std::vector<char> head() const;

  // Damage, one at a time: mended() makes the copy whole again.
  void set_size(std::uint64_t size);
  void flip(std::uint64_t offset);  // all bits of one byte
  // Changes the plan and computes its checksum anew, so that it is believed.
  template <typename Change>
  void forge(Change change) {
    std::vector<std::uint64_t> words = read_plan();
    auto* plan = reinterpret_cast<image::Plan*>(words.data());
    change(plan);
    plan->plan_hash = image::hash_plan(plan);
    write(plan_offset(), words.data(), plan_bytes());
  }
  void mend();

 private:
  std::vector<std::uint64_t> read_plan() const;
  void write(std::uint64_t offset, const void* bytes, std::uint64_t size);

  std::filesystem::path original_;
  std::filesystem::path path_;
  UniqueFd fd_;
  std::uint64_t size_ = 0;
  image::PlanLocation location_{};
};

}  // namespace fw::test
