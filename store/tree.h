// Whole folders: delete them, and make them survive a power cut.
#pragma once

#include <filesystem>

#include "base/result.h"

namespace fw::store {

// Deletes `path` and all below it; links are deleted, not followed. Absence is
// success, and so is somebody else deleting the same tree at the same time.
Status remove_tree(const std::filesystem::path& path);

// fsync of every file and folder below `folder`, and of itself.
Status sync_tree(const std::filesystem::path& folder);

}  // namespace fw::store
