// Images in the cache: a copy of the image and a pack, both on huge-page tmpfs. It
// can be thrown away at any time.
#pragma once

#include <filesystem>

#include "base/result.h"
#include "base/unique_fd.h"

namespace fw::cache {

// Open for reading, to be given to fw_restore_start().
struct CachedImage {
  UniqueFd image;
  UniqueFd pack;
};

// The cached form of the image at `path`, made if `folder` does not have it yet. Any
// process may call at any time. kRefused when the image is: stale, altered. kSystem
// when the cache cannot be used (no room, no permission): go on with the image itself.
//
// drop_orphans() in passing.
Result<CachedImage> open_cached(const std::filesystem::path& folder,
                                const std::filesystem::path& path);

// The same for an image that is open, in default_folder(), which is mounted if need be.
Result<CachedImage> open_cached_copy(int image_fd);

// Drops the entries whose image no longer exists, and packs that none uses.
void drop_orphans(const std::filesystem::path& folder);

}  // namespace fw::cache
