#include "fwrun/cache.h"

#include "fwrun/output.h"
#include "snapshot/cache/folder.h"

namespace fw::cli {

Result<cache::CachedImage> cached_image(cache::CachedImage stored) {
  Result<cache::CachedImage> cached = cache::open_cached_copy(stored.image.get());
  if (cached || cached.error().code() == Errc::kRefused) return cached;
  print_note("fwrun: going on without the cache: " + cached.error().message() + "\n");
  return stored;
}

void forget_removed_images() { cache::drop_orphans(cache::default_folder()); }

}  // namespace fw::cli
