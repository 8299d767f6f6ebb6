#include "pool/loaded_version.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <string_view>

#include "base/files.h"
#include "snapshot/cache/image_cache.h"
#include "snapshot/snapshot.h"

namespace fw::pool {

Result<std::shared_ptr<const LoadedVersion>> LoadedVersion::open(
    const store::Home& home, const std::string& function, const std::filesystem::path& restorer,
    bool use_cache) {
  FW_TRY_ASSIGN(store::InstalledVersion installed, store::open_current(home, function));
  auto loaded = std::make_shared<LoadedVersion>();
  loaded->manifest = std::move(installed.manifest);
  loaded->image = std::move(installed.image);
  loaded->pack = std::move(installed.pack);
  loaded->restorer = restorer;
  FW_TRY_ASSIGN(loaded->null, open_file("/dev/null", O_RDONLY));
  if (use_cache) {
    Result<cache::CachedImage> cached = cache::open_cached_copy(loaded->image.get());
    if (!cached && cached.error().code() == Errc::kRefused) return fail(cached.error());
    if (cached) {
      loaded->image = std::move(cached->image);
      loaded->pack = std::move(cached->pack);
    }
  }
  loaded->first_free_fd = fw_restore_first_free_fd(loaded->image.get());
  if (loaded->first_free_fd < 0) {
    return fail(Errc::kRefused, "the image of '" + function + "' is damaged: install it again");
  }
  return std::shared_ptr<const LoadedVersion>(std::move(loaded));
}

std::uint64_t current_number(const std::string& link) {
  std::array<char, 64> target;
  const ssize_t length = ::readlink(link.c_str(), target.data(), target.size());
  if (length <= 0) return 0;
  const std::string_view text(target.data(), static_cast<std::size_t>(length));
  const std::size_t slash = text.rfind('/');
  if (slash == std::string_view::npos) return 0;
  std::uint64_t number = 0;
  std::from_chars(text.data() + slash + 1, text.data() + text.size(), number);
  return number;
}

}  // namespace fw::pool
