#include "snapshot/cache/image_cache.h"

#include <elf.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <charconv>
#include <chrono>
#include <cstring>
#include <set>
#include <vector>

#include "base/files.h"
#include "snapshot/cache/pack.h"
#include "snapshot/cache/temporary_file.h"
#include "snapshot/image/reader.h"
#include "snapshot/image/validate.h"

namespace fw::cache {
namespace {

using image::MapOp;
using image::Plan;

constexpr std::uint64_t kPlanNoteOffset = image::kPage;
constexpr std::string_view kOriginSuffix = ".origin";
constexpr std::string_view kEntryPrefix = "image-";

std::uint64_t page_ceil(std::uint64_t n) { return (n + image::kPage - 1) & ~(image::kPage - 1); }

std::string hex(std::uint64_t value) {
  char digits[16];
  return {digits, std::to_chars(digits, digits + sizeof digits, value, 16).ptr};
}

// The plan of the cached image: that of the original with one more file, the pack,
// which takes the place of all others in the mappings.
class CachedPlan {
 public:
  CachedPlan(const image::ImageReader& image, const Pack& pack, const struct stat& pack_status)
      : bytes_(reinterpret_cast<const char*>(&image.plan()),
               reinterpret_cast<const char*>(&image.plan()) + image.plan().plan_bytes) {
    const auto files = image.table<image::MappedFile>(image.plan().files);
    image::MappedFile pack_file{};
    pack_file.path = append_text(pack.path.string());
    pack_file.size = pack.size;
    pack_file.mtime_seconds = pack_status.st_mtim.tv_sec;
    pack_file.mtime_nanoseconds = pack_status.st_mtim.tv_nsec;
    std::vector<image::MappedFile> all(files.begin(), files.end());
    all.push_back(pack_file);
    const image::Table table = append_records(all);
    plan()->files = table;
    plan()->plan_bytes = bytes_.size();
    for (MapOp& op : maps()) {
      if (op.source != image::Source::kFile) continue;
      op.offset += pack.bases[op.index];
      op.index = static_cast<std::uint16_t>(files.size());
    }
  }

  // Moves all page contents to start at `pages_offset`.
  void finish(std::uint64_t pages_offset, std::uint64_t image_bytes) {
    const std::uint64_t move = pages_offset - plan()->pages_offset;
    for (MapOp& op : maps()) {
      if (op.source == image::Source::kImage) op.offset += move;
    }
    auto* shared = reinterpret_cast<image::SharedObject*>(bytes_.data() + plan()->shared.offset);
    for (std::uint32_t i = 0; i < plan()->shared.count; ++i) shared[i].offset += move;
    plan()->pages_offset = pages_offset;
    plan()->image_bytes = image_bytes;
    plan()->head_hash = 0;
    plan()->plan_hash = image::hash_plan(plan());
  }

  const std::vector<char>& bytes() const { return bytes_; }

 private:
  Plan* plan() { return reinterpret_cast<Plan*>(bytes_.data()); }
  std::span<MapOp> maps() {
    return {reinterpret_cast<MapOp*>(bytes_.data() + plan()->maps.offset), plan()->maps.count};
  }
  image::Bytes append_text(const std::string& text) {
    const image::Bytes where{static_cast<std::uint32_t>(bytes_.size()),
                             static_cast<std::uint32_t>(text.size())};
    bytes_.insert(bytes_.end(), text.c_str(), text.c_str() + text.size() + 1);
    return where;
  }
  image::Table append_records(const std::vector<image::MappedFile>& records) {
    bytes_.resize((bytes_.size() + 7) & ~std::size_t{7});
    const image::Table table{static_cast<std::uint32_t>(bytes_.size()),
                             static_cast<std::uint32_t>(records.size())};
    const auto* start = reinterpret_cast<const char*>(records.data());
    bytes_.insert(bytes_.end(), start, start + records.size() * sizeof(image::MappedFile));
    return table;
  }

  std::vector<char> bytes_;
};

// Only what a restore reads: an ELF header, an empty note segment, the plan's.
std::vector<char> build_head(std::uint64_t plan_bytes) {
  Elf64_Ehdr header{};
  std::memcpy(header.e_ident, ELFMAG, SELFMAG);
  header.e_ident[EI_CLASS] = ELFCLASS64;
  header.e_ident[EI_DATA] = ELFDATA2LSB;
  header.e_ident[EI_VERSION] = EV_CURRENT;
  header.e_type = ET_CORE;
  header.e_machine = EM_X86_64;
  header.e_version = EV_CURRENT;
  header.e_phoff = sizeof header;
  header.e_ehsize = sizeof header;
  header.e_phentsize = sizeof(Elf64_Phdr);
  header.e_phnum = 2;
  Elf64_Phdr segments[2]{};
  segments[0].p_type = PT_NOTE;
  segments[1].p_type = PT_NOTE;
  segments[1].p_offset = kPlanNoteOffset;
  segments[1].p_filesz = image::kPlanNoteHeader + plan_bytes;
  Elf64_Nhdr note{};
  note.n_namesz = sizeof image::kPlanNoteName;
  note.n_descsz = static_cast<std::uint32_t>(plan_bytes);
  note.n_type = image::kPlanNoteType;

  std::vector<char> head(kPlanNoteOffset + image::kPlanNoteHeader);
  std::memcpy(head.data(), &header, sizeof header);
  std::memcpy(head.data() + sizeof header, segments, sizeof segments);
  std::memcpy(head.data() + kPlanNoteOffset, &note, sizeof note);
  std::memcpy(head.data() + kPlanNoteOffset + sizeof note, image::kPlanNoteName,
              sizeof image::kPlanNoteName);
  return head;
}

Status make_entry(const std::filesystem::path& folder, const image::ImageReader& image,
                  const std::filesystem::path& entry) {
  FW_TRY_ASSIGN(const Pack pack, ensure_pack(folder, image));
  struct stat pack_status {};
  if (::stat(pack.path.c_str(), &pack_status) != 0) return fail_errno("stat " + pack.path.string());
  CachedPlan plan(image, pack, pack_status);
  const std::uint64_t pages_offset =
      page_ceil(kPlanNoteOffset + image::kPlanNoteHeader + plan.bytes().size());
  const auto pages = image.bytes().subspan(image.plan().pages_offset);
  const std::uint64_t size = pages_offset + pages.size();
  plan.finish(pages_offset, size);
  const std::vector<char> head = build_head(plan.bytes().size());

  FW_TRY_ASSIGN(TemporaryFile file, TemporaryFile::create(entry, size));
  FW_TRY(write_at(file.fd(), 0, std::as_bytes(std::span(head))));
  FW_TRY(write_at(file.fd(), head.size(), std::as_bytes(std::span(plan.bytes()))));
  FW_TRY(write_at(file.fd(), pages_offset, pages));
  return file.publish();
}

// Every entry has a link to the image it was made from beside it.
void drop_orphaned_entries(const std::filesystem::path& folder) {
  std::error_code error;
  for (const auto& item : std::filesystem::directory_iterator(folder, error)) {
    const std::filesystem::path& link = item.path();
    if (link.extension() != kOriginSuffix || std::filesystem::exists(link, error)) continue;
    std::filesystem::path entry = link;
    entry.replace_extension();
    std::filesystem::remove(entry, error);
    std::filesystem::remove(link, error);
  }
}

// The pack is the last file of an entry's plan.
std::set<std::filesystem::path> packs_in_use(const std::filesystem::path& folder) {
  std::set<std::filesystem::path> used;
  std::error_code error;
  for (const auto& item : std::filesystem::directory_iterator(folder, error)) {
    if (!item.path().filename().string().starts_with(kEntryPrefix) || item.is_symlink(error)) {
      continue;
    }
    const Result<image::ImageReader> entry = image::ImageReader::open(item.path());
    if (!entry) continue;
    const auto files = entry->table<image::MappedFile>(entry->plan().files);
    if (!files.empty()) used.emplace(entry->string(files.back().path));
  }
  return used;
}

// A young pack may belong to an entry that another process is about to publish.
void drop_unused_packs(const std::filesystem::path& folder) {
  constexpr auto kYoung = std::chrono::minutes(1);
  const std::set<std::filesystem::path> used = packs_in_use(folder);
  std::error_code error;
  for (const auto& item : std::filesystem::directory_iterator(folder, error)) {
    const auto age = std::filesystem::file_time_type::clock::now() - item.last_write_time(error);
    if (item.path().filename().string().starts_with(kPackPrefix) && age > kYoung &&
        !used.contains(item.path())) {
      std::filesystem::remove(item.path(), error);
    }
  }
}

}  // namespace

void drop_orphans(const std::filesystem::path& folder) {
  drop_orphaned_entries(folder);
  drop_unused_packs(folder);
}

Result<UniqueFd> open_cached(const std::filesystem::path& folder,
                             const std::filesystem::path& path) {
  FW_TRY_ASSIGN(const image::ImageReader image, image::ImageReader::open(path));
  FW_TRY(image::check_fingerprint(image));
  const std::filesystem::path entry =
      folder / (std::string(kEntryPrefix) + hex(image.plan().plan_hash));
  std::error_code error;
  if (!std::filesystem::exists(entry, error)) {
    drop_orphans(folder);
    FW_TRY(make_entry(folder, image, entry));
    std::filesystem::path link = entry;
    link += kOriginSuffix;
    std::filesystem::create_symlink(std::filesystem::absolute(path), link, error);
  }
  return open_file(entry, O_RDONLY);
}

}  // namespace fw::cache
