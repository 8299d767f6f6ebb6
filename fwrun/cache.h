// --cache: restoring from the cache on huge pages (snapshot/cache/).
#pragma once

#include "base/result.h"
#include "base/unique_fd.h"

namespace fw::cli {

// The cached form of an open image, made at its first use. When there can be no
// cache here (it takes a mount, so root), says so on standard error and gives
// `image` back: everything works without. kRefused when the image is.
Result<UniqueFd> cached_image(UniqueFd image);

// Drops what the cache holds of images that are gone.
void forget_removed_images();

}  // namespace fw::cli
