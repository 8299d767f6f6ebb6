// A pack: copies of all files that images of one runtime map, in one file on huge
// pages. One open() instead of twenty at restore, and code that a single page
// table entry maps by 2 MB: the faults on library code are two fifths of a restore.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "snapshot/image/reader.h"

namespace fw::cache {

inline constexpr std::string_view kPackPrefix = "pack-";

struct Pack {
  std::filesystem::path path;
  std::uint64_t size = 0;
  std::vector<std::uint64_t> bases;  // where each of the image's files starts in it
};

// The pack for the files that `image` maps, made if it is not in `folder` yet.
// Packs are shared by all images with the same files, of the same size and time.
// The files must be unchanged since the capture (check_fingerprint()).
Result<Pack> ensure_pack(const std::filesystem::path& folder, const image::ImageReader& image);

}  // namespace fw::cache
