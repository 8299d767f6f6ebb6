// A pack: copies of all files that images of one runtime map, in one file. A restore
// opens it instead of twenty files, and maps library code by huge pages, because it
// was written in huge pieces: page faults on library code are a fifth of a restore.
// format.h says how it is laid out.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

#include "base/result.h"
#include "snapshot/image/reader.h"

namespace fw::cache {

inline constexpr std::string_view kPackPrefix = "pack-";

// The path of the pack for the files that `image` maps, made if `folder` does not
// have it yet. Packs are shared by all images with the same files, of the same size
// and time. kRefused when a file has changed since the capture.
Result<std::filesystem::path> ensure_pack(const std::filesystem::path& folder,
                                          const image::ImageReader& image);

// Gives `user`, a new path on the same file system, the pack for `image`: a hard
// link, so that the pack lives as long as something uses it.
Status link_pack(const std::filesystem::path& folder, const image::ImageReader& image,
                 const std::filesystem::path& user);

// Removes the packs in `folder` that nothing is linked to.
void drop_unused_packs(const std::filesystem::path& folder);

}  // namespace fw::cache
