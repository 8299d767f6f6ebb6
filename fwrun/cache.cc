#include "fwrun/cache.h"

#include <filesystem>
#include <string>

#include "fwrun/output.h"
#include "snapshot/cache/folder.h"

namespace fw::cli {

namespace {

Result<cache::CachedImage> open_in_cache(int image) {
  std::error_code error;
  const std::filesystem::path path =
      std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(image), error);
  if (error) return fail(Error::from_errno("find the image's path", error.value()));
  const std::filesystem::path folder = cache::default_folder();
  FW_TRY(cache::ensure_mounted(folder));
  return cache::open_cached(folder, path);
}

}  // namespace

Result<cache::CachedImage> cached_image(cache::CachedImage stored) {
  Result<cache::CachedImage> cached = open_in_cache(stored.image.get());
  if (cached || cached.error().code() == Errc::kRefused) return cached;
  print_note("fwrun: going on without the cache: " + cached.error().message() + "\n");
  return stored;
}

void forget_removed_images() { cache::drop_orphans(cache::default_folder()); }

}  // namespace fw::cli
