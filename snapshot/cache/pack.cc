#include "snapshot/cache/pack.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <string>
#include <vector>

#include "base/files.h"
#include "snapshot/cache/temporary_file.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace fw::cache {
namespace {

std::string pack_name(const image::ImageReader& image) {
  std::uint64_t key = 0;
  for (const image::MappedFile& file : image.table<image::MappedFile>(image.plan().files)) {
    const std::string_view path = image.string(file.path);
    key = XXH3_64bits_withSeed(path.data(), path.size(), key);
    const std::array<std::uint64_t, 3> identity{file.size,
                                                static_cast<std::uint64_t>(file.mtime_seconds),
                                                static_cast<std::uint64_t>(file.mtime_nanoseconds)};
    key = XXH3_64bits_withSeed(identity.data(), sizeof identity, key);
  }
  char digits[16];
  return std::string(kPackPrefix) +
         std::string(digits, std::to_chars(digits, digits + sizeof digits, key, 16).ptr);
}

Status copy_file(const std::string& path, const image::MappedFile& expected, int to,
                 std::uint64_t offset) {
  FW_TRY_ASSIGN(const UniqueFd from, open_file(path, O_RDONLY));
  struct stat now {};
  if (::fstat(from.get(), &now) != 0) return fail_errno("stat " + path);
  if (static_cast<std::uint64_t>(now.st_size) != expected.size ||
      now.st_mtim.tv_sec != expected.mtime_seconds ||
      now.st_mtim.tv_nsec != expected.mtime_nanoseconds) {
    return fail(Errc::kRefused,
                "stale: " + path + " has changed since the capture; install the function again");
  }
  // Through a buffer of one huge page, not from a mapping: the page cache takes a
  // piece in one folio only if all of it is at hand.
  std::vector<std::byte> piece(image::kHugePage);
  for (std::uint64_t done = 0; done < expected.size;) {
    const ssize_t n = ::read(from.get(), piece.data(), piece.size());
    if (n < 0) return fail_errno("read " + path);
    if (n == 0) return fail(Errc::kRefused, "stale: " + path + " is being changed");
    FW_TRY(write_at(to, offset + done, std::span(piece).first(static_cast<std::size_t>(n))));
    done += static_cast<std::uint64_t>(n);
  }
  return {};
}

}  // namespace

Result<std::filesystem::path> ensure_pack(const std::filesystem::path& folder,
                                          const image::ImageReader& image) {
  const auto files = image.table<image::MappedFile>(image.plan().files);
  std::filesystem::path path = folder / pack_name(image);
  if (::access(path.c_str(), R_OK) == 0) return path;
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  FW_TRY_ASSIGN(const TemporaryFile temporary, TemporaryFile::create(folder));
  std::uint64_t end = 0;
  for (const image::MappedFile& file : files) {
    const std::uint64_t base = image::place_in_pack(end, file.size);
    FW_TRY(copy_file(std::string(image.string(file.path)), file, temporary.fd(), base));
    end = base + file.size;
  }
  // Whole pages, so that the last file's last page can be mapped.
  if (::ftruncate(temporary.fd(), static_cast<off_t>(image::place_in_pack(end, 0))) != 0) {
    return fail_errno("size " + path.string());
  }
  FW_TRY(temporary.publish(path));
  return path;
}

Status link_pack(const std::filesystem::path& folder, const image::ImageReader& image,
                 const std::filesystem::path& user) {
  // Another process may drop the pack, unused as yet, before the link is made.
  constexpr int kAttempts = 3;
  for (int i = 0; i < kAttempts; ++i) {
    FW_TRY_ASSIGN(const std::filesystem::path pack, ensure_pack(folder, image));
    if (::link(pack.c_str(), user.c_str()) == 0 || errno == EEXIST) return {};
    if (errno != ENOENT) break;
  }
  return fail_errno("link " + user.string() + " to a pack");
}

void drop_unused_packs(const std::filesystem::path& folder) {
  std::error_code error;
  for (const auto& item : std::filesystem::directory_iterator(folder, error)) {
    if (item.path().filename().string().starts_with(kPackPrefix) &&
        item.hard_link_count(error) == 1 && !error) {
      std::filesystem::remove(item.path(), error);
    }
  }
}

}  // namespace fw::cache
