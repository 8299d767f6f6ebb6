#include "snapshot/cache/pack.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <array>
#include <charconv>

#include "base/files.h"
#include "base/mapping.h"
#include "snapshot/cache/temporary_file.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace fw::cache {
namespace {

constexpr std::uint64_t kHugePage = std::uint64_t{2} << 20;

std::uint64_t aligned(std::uint64_t n, std::uint64_t to) { return (n + to - 1) & ~(to - 1); }

// A large file starts at a huge page: a library that the kernel loaded at a
// multiple of 2 MB can then be mapped by huge pages. Small ones are packed close.
std::vector<std::uint64_t> lay_out(std::span<const image::MappedFile> files, std::uint64_t* end) {
  std::vector<std::uint64_t> bases;
  std::uint64_t at = 0;
  for (const image::MappedFile& file : files) {
    at = aligned(at, file.size >= kHugePage ? kHugePage : image::kPage);
    bases.push_back(at);
    at += file.size;
  }
  *end = aligned(at, kHugePage);
  return bases;
}

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

Status copy_file(const std::string& path, std::uint64_t size, int to, std::uint64_t offset) {
  FW_TRY_ASSIGN(const UniqueFd from, open_file(path, O_RDONLY));
  if (size == 0) return {};
  FW_TRY_ASSIGN(const Mapping bytes,
                Mapping::of_file(from.get(), size, PROT_READ, Mapping::Share::kPrivate));
  return write_at(to, offset, bytes.bytes());
}

}  // namespace

Result<Pack> ensure_pack(const std::filesystem::path& folder, const image::ImageReader& image) {
  const auto files = image.table<image::MappedFile>(image.plan().files);
  Pack pack;
  pack.path = folder / pack_name(image);
  pack.bases = lay_out(files, &pack.size);
  std::error_code error;
  if (std::filesystem::file_size(pack.path, error) == pack.size && !error) return pack;

  FW_TRY_ASSIGN(TemporaryFile temporary, TemporaryFile::create(pack.path, pack.size));
  for (std::size_t i = 0; i < files.size(); ++i) {
    FW_TRY(copy_file(std::string(image.string(files[i].path)), files[i].size, temporary.fd(),
                     pack.bases[i]));
  }
  FW_TRY(temporary.publish());
  return pack;
}

}  // namespace fw::cache
