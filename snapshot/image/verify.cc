#include <elf.h>
#include <sys/stat.h>
#include <sys/utsname.h>

#include <cstring>
#include <vector>

#include "snapshot/image/build_id.h"
#include "snapshot/image/cpu_features.h"
#include "snapshot/image/reader.h"
#include "snapshot/image/validate.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace fw::image {
namespace {

tl::unexpected<Error> refused(const ImageReader& image, const std::string& why) {
  return fail(Errc::kRefused, "image " + image.name() + " is refused: " + why);
}

tl::unexpected<Error> stale(const ImageReader& image, const MappedFile& file, const char* what) {
  return refused(image, "stale: " + std::string(image.string(file.path)) + " " + what +
                            "; install the function again");
}

Status check_unchanged(const ImageReader& image, const MappedFile& file) {
  struct stat now {};
  const std::string path(image.string(file.path));
  if (::stat(path.c_str(), &now) != 0) return stale(image, file, "is gone");
  if (static_cast<std::uint64_t>(now.st_size) != file.size ||
      now.st_mtim.tv_sec != file.mtime_seconds || now.st_mtim.tv_nsec != file.mtime_nanoseconds) {
    return stale(image, file, "has changed since the capture");
  }
  return {};
}

Status check_build(const ImageReader& image, const MappedFile& file) {
  std::uint8_t id[sizeof file.build_id] = {};
  const std::string path(image.string(file.path));
  const std::uint32_t length = read_build_id(path.c_str(), id, sizeof id);
  if (length != file.build_id_length || std::memcmp(id, file.build_id, length) != 0) {
    return stale(image, file, "is another build than the one captured");
  }
  return {};
}

// The checksums that the head carries: one for each mapping, then one for each
// shared object.
Result<std::vector<std::uint64_t>> read_sums(const ImageReader& image) {
  const std::byte* bytes = image.bytes().data();
  const auto* notes = reinterpret_cast<const Elf64_Phdr*>(bytes + sizeof(Elf64_Ehdr));
  const std::uint64_t size = image.bytes().size();
  const auto aligned = [](std::uint64_t n) { return (n + 3) & ~std::uint64_t{3}; };
  if (notes->p_offset > size || notes->p_filesz > size - notes->p_offset) {
    return refused(image, "the notes lie outside of it");
  }
  const std::uint64_t end = notes->p_offset + notes->p_filesz;
  for (std::uint64_t at = notes->p_offset; at + sizeof(Elf64_Nhdr) <= end;) {
    Elf64_Nhdr note{};
    std::memcpy(&note, bytes + at, sizeof note);
    const std::uint64_t name = at + sizeof note;
    const std::uint64_t value = name + aligned(note.n_namesz);
    if (value > end || note.n_descsz > end - value) break;
    if (note.n_type == kChecksumNoteType && note.n_namesz == sizeof kChecksumNoteName &&
        std::memcmp(bytes + name, kChecksumNoteName, note.n_namesz) == 0) {
      std::vector<std::uint64_t> sums(note.n_descsz / sizeof(std::uint64_t));
      std::memcpy(sums.data(), bytes + value, sums.size() * sizeof(std::uint64_t));
      return sums;
    }
    at = value + aligned(note.n_descsz);
  }
  return refused(image, "it carries no checksums");
}

Status check_head(const ImageReader& image) {
  const auto* segments =
      reinterpret_cast<const Elf64_Phdr*>(image.bytes().data() + sizeof(Elf64_Ehdr));
  if (XXH3_64bits(image.bytes().data(), segments[1].p_offset) != image.plan().head_hash) {
    return refused(image, "altered: the checksum of its head does not match");
  }
  return {};
}

Result<std::uint64_t> check_pages(const ImageReader& image) {
  FW_TRY_ASSIGN(const std::vector<std::uint64_t> sums, read_sums(image));
  const auto maps = image.table<MapOp>(image.plan().maps);
  const auto shared = image.table<SharedObject>(image.plan().shared);
  if (sums.size() != maps.size() + shared.size()) {
    return refused(image, "it carries another number of checksums than of mappings");
  }
  std::uint64_t checked = 0;
  const auto matches = [&](std::uint64_t offset, std::uint64_t length, std::uint64_t sum) {
    checked += length;
    return XXH3_64bits(image.bytes().data() + offset, length) == sum;
  };
  for (std::size_t i = 0; i < maps.size(); ++i) {
    if (maps[i].source == Source::kImage &&
        !matches(maps[i].offset, maps[i].end - maps[i].start, sums[i])) {
      return refused(image, "altered: the pages at file offset " + std::to_string(maps[i].offset) +
                                " do not match their checksum");
    }
  }
  for (std::size_t i = 0; i < shared.size(); ++i) {
    if (!matches(shared[i].offset, shared[i].size, sums[maps.size() + i])) {
      return refused(image, "altered: shared memory does not match its checksum");
    }
  }
  return checked;
}

}  // namespace

Status check_fingerprint(const ImageReader& image) {
  const Fingerprint& made = image.plan().fingerprint;
  utsname kernel{};
  ::uname(&kernel);
  if (std::strcmp(kernel.release, made.kernel_release) != 0 ||
      std::strcmp(kernel.version, made.kernel_version) != 0) {
    return refused(image, std::string("made under kernel ") + made.kernel_release + " (" +
                              made.kernel_version + "), this is " + kernel.release + " (" +
                              kernel.version + "); install the function again");
  }
  if (made.cpu != cpu_feature_hash() || made.xcr0 != cpu_xcr0()) {
    return refused(image, "made on a CPU with other features; install the function again");
  }
  FW_TRY(check_files(image));
  for (const MappedFile& file : image.table<MappedFile>(image.plan().files)) {
    FW_TRY(check_build(image, file));
  }
  return {};
}

Status check_files(const ImageReader& image) {
  for (const MappedFile& file : image.table<MappedFile>(image.plan().files)) {
    FW_TRY(check_unchanged(image, file));
  }
  return {};
}

Result<Verified> verify_image(const std::filesystem::path& path) {
  FW_TRY_ASSIGN(const ImageReader image, ImageReader::open(path));
  FW_TRY(check_head(image));
  Verified verified;
  verified.image_bytes = image.bytes().size();
  FW_TRY_ASSIGN(verified.page_bytes, check_pages(image));
  FW_TRY(check_fingerprint(image));
  verified.files = image.plan().files.count;
  return verified;
}

}  // namespace fw::image
