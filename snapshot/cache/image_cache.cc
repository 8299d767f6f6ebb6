#include "snapshot/cache/image_cache.h"

#include <fcntl.h>

#include <charconv>
#include <string>
#include <system_error>

#include "base/files.h"
#include "snapshot/cache/folder.h"
#include "snapshot/cache/pack.h"
#include "snapshot/cache/temporary_file.h"
#include "snapshot/image/reader.h"

namespace fw::cache {
namespace {

// What lies beside the copy of an image: a link to the image it was made from, and
// its pack.
constexpr std::string_view kOriginSuffix = ".origin";
constexpr std::string_view kPackSuffix = ".pack";

std::filesystem::path with(std::filesystem::path entry, std::string_view suffix) {
  entry += suffix;
  return entry;
}

std::filesystem::path entry_of(const std::filesystem::path& folder,
                               const image::ImageReader& image) {
  char digits[16];
  char* const end = std::to_chars(digits, digits + sizeof digits, image.plan().plan_hash, 16).ptr;
  return folder / ("image-" + std::string(digits, end));
}

Status copy_image(const image::ImageReader& image, const std::filesystem::path& entry) {
  FW_TRY_ASSIGN(const TemporaryFile file, TemporaryFile::create(entry.parent_path()));
  FW_TRY(write_at(file.fd(), 0, image.bytes()));
  return file.publish(entry);
}

}  // namespace

void drop_orphans(const std::filesystem::path& folder) {
  std::error_code error;
  for (const auto& item : std::filesystem::directory_iterator(folder, error)) {
    const std::filesystem::path& link = item.path();
    if (link.extension() != kOriginSuffix || std::filesystem::exists(link, error)) continue;
    std::filesystem::path entry = link;
    entry.replace_extension();
    std::filesystem::remove(entry, error);
    std::filesystem::remove(with(entry, kPackSuffix), error);
    std::filesystem::remove(link, error);
  }
  drop_unused_packs(folder);
}

Result<CachedImage> open_cached(const std::filesystem::path& folder,
                                const std::filesystem::path& path) {
  FW_TRY_ASSIGN(const image::ImageReader image, image::ImageReader::open(path));
  FW_TRY(image::check_files(image));
  const std::filesystem::path entry = entry_of(folder, image);
  std::error_code error;
  if (!std::filesystem::exists(entry, error)) {
    drop_orphans(folder);
    std::filesystem::create_symlink(std::filesystem::absolute(path), with(entry, kOriginSuffix),
                                    error);
    FW_TRY(link_pack(folder, image, with(entry, kPackSuffix)));
    FW_TRY(copy_image(image, entry));
  }
  CachedImage cached;
  FW_TRY_ASSIGN(cached.image, open_file(entry, O_RDONLY));
  FW_TRY_ASSIGN(cached.pack, open_file(with(entry, kPackSuffix), O_RDONLY));
  return cached;
}

Result<CachedImage> open_cached_copy(int image_fd) {
  std::error_code error;
  const std::filesystem::path path =
      std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(image_fd), error);
  if (error) return fail(Error::from_errno("find the image's path", error.value()));
  const std::filesystem::path folder = default_folder();
  FW_TRY(ensure_mounted(folder));
  return open_cached(folder, path);
}

}  // namespace fw::cache
