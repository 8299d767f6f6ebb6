// Images as they lie in the cache: the same pages, mapped from huge-page tmpfs, and
// library code from a pack. Restoring from one needs two open files instead of
// twenty and a third of the page faults. It is derived from an image on disk and
// can be thrown away at any time.
#pragma once

#include <filesystem>

#include "base/result.h"
#include "base/unique_fd.h"

namespace fw::cache {

// The cached form of the image at `path`, made if `folder` does not have it yet;
// open for reading, to be given to fw_restore_start(). Any process may call at any
// time. kRefused when the image is: stale, altered, of another machine. kSystem when
// the cache cannot be used (no room, no permission): go on with the image itself.
//
// drop_orphans() in passing.
Result<UniqueFd> open_cached(const std::filesystem::path& folder,
                             const std::filesystem::path& path);

// Drops the entries whose image no longer exists.
void drop_orphans(const std::filesystem::path& folder);

}  // namespace fw::cache
