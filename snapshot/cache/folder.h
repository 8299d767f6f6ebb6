// The folder of the cache: a tmpfs with huge pages, private to its owner.
#pragma once

#include <filesystem>

#include "base/result.h"

namespace fw::cache {

// Where the cache lies unless FWRUN_CACHE names another folder: /run/fwrun/cache.
std::filesystem::path default_folder();

// Makes sure that `folder` exists and is a tmpfs that uses huge pages, mounting
// one if need be (CAP_SYS_ADMIN). kSystem when that is not possible: the caller
// goes on without a cache.
Status ensure_mounted(const std::filesystem::path& folder);

// Takes the cache away, with all in it. Images mapped from it stay valid.
Status unmount(const std::filesystem::path& folder);

}  // namespace fw::cache
