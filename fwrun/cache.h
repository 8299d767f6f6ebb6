// --cache: restoring from the cache on huge pages (snapshot/cache/).
#pragma once

#include "base/result.h"
#include "snapshot/cache/image_cache.h"

namespace fw::cli {

// The cached form of an open image, made at its first use. When there can be no
// cache here (it takes a mount, so root), says so on standard error and gives
// `stored` back: everything works without. kRefused when the image is.
Result<cache::CachedImage> cached_image(cache::CachedImage stored);

// Drops what the cache holds of images that are gone.
void forget_removed_images();

}  // namespace fw::cli
