#include "snapshot/capture/writer.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>

#include "snapshot/capture/head.h"
#include "snapshot/image/validate.h"

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace fw::capture {
namespace {

std::uint64_t page_ceil(std::uint64_t n) { return (n + image::kPage - 1) & ~(image::kPage - 1); }

}  // namespace

ImageWriter::ImageWriter(std::pmr::memory_resource* memory, const char* path, Refusal* refusal)
    : memory_(memory), path_(path, memory), temporary_(path, memory), refusal_(refusal) {
  temporary_ += ".incomplete";
}

ImageWriter::~ImageWriter() {
  if (fd_ && !published_) ::unlink(temporary_.c_str());
}

bool ImageWriter::create() {
  ::unlink(temporary_.c_str());  // left by a capture that was killed
  fd_ = UniqueFd(::open(temporary_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
  if (!fd_) return refusal_->because_errno(errno, "cannot create ", std::string_view(temporary_));
  return true;
}

bool ImageWriter::write_at(std::uint64_t offset, std::span<const char> bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::pwrite(fd_.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return refusal_->because_errno(errno, "cannot write ", std::string_view(temporary_));
    bytes = bytes.subspan(static_cast<std::size_t>(n));
    offset += static_cast<std::uint64_t>(n);
  }
  return true;
}

// Contents are written in large pieces, in the order of the file: the page cache
// then holds them in large folios, of which a page fault maps sixteen pages at once
// in half the time it takes for sixteen single ones. Pages of zeros stay holes.
bool ImageWriter::stage(std::uint64_t offset, std::span<const char> bytes) {
  constexpr std::size_t kPiece = std::size_t{2} << 20;
  while (!bytes.empty()) {
    const auto page = bytes.first(std::min<std::size_t>(image::kPage, bytes.size()));
    const bool full = staged_.size() >= kPiece;
    const bool next = !staged_.empty() && offset == staged_offset_ + staged_.size();
    if (is_zero(page) || full || !next) {
      if (!flush_staged()) return false;
      staged_offset_ = offset;
    }
    if (!is_zero(page)) staged_.insert(staged_.end(), page.begin(), page.end());
    offset += page.size();
    bytes = bytes.subspan(page.size());
  }
  return true;
}

bool ImageWriter::flush_staged() {
  const bool ok = write_at(staged_offset_, staged_);
  staged_.clear();
  return ok;
}

bool ImageWriter::write_mapping(const image::MapOp& op, std::uint64_t offset, Pages* pages,
                                std::uint64_t* sum) {
  XXH3_state_t hash;
  XXH3_64bits_reset(&hash);
  for (std::uint64_t at = op.start; at < op.end;) {
    const std::span<const char> bytes = pages->read(at, op.end - at);
    if (bytes.empty()) {
      return refusal_->because_errno(errno != 0 ? errno : EIO, "cannot read memory at ", at);
    }
    XXH3_64bits_update(&hash, bytes.data(), bytes.size());
    if (!stage(offset + (at - op.start), bytes)) return false;
    at += bytes.size();
  }
  *sum = XXH3_64bits_digest(&hash);
  return true;
}

bool ImageWriter::write_shared(const image::SharedObject& object, const SharedContents& contents,
                               std::uint64_t offset, Pages* pages, std::uint64_t* sum) {
  XXH3_state_t hash;
  XXH3_64bits_reset(&hash);
  std::pmr::vector<char> buffer(Pages::kChunk, memory_);
  for (std::uint64_t at = 0; at < object.size;) {
    std::span<const char> bytes;
    const std::uint64_t want = std::min<std::uint64_t>(object.size - at, Pages::kChunk);
    if (contents.fd >= 0) {
      const ssize_t n = ::pread(contents.fd, buffer.data(), want, static_cast<off_t>(at));
      if (n > 0) bytes = {buffer.data(), static_cast<std::size_t>(n)};
    } else if (at < contents.mapped_bytes) {
      bytes = pages->read(contents.address + at, want);
    }
    if (bytes.empty()) {
      return refusal_->because(-EBUSY, "shared memory of ", object.size,
                               " bytes is only partly mapped and has no descriptor: its contents "
                               "cannot be read; unmap it before the snapshot");
    }
    XXH3_64bits_update(&hash, bytes.data(), bytes.size());
    if (!stage(offset + at, bytes)) return false;
    at += bytes.size();
  }
  *sum = XXH3_64bits_digest(&hash);
  return true;
}

bool ImageWriter::write(Draft* draft, const MemoryCapture& contents, Pages* pages) {
  Head head(memory_, *draft);
  const std::uint64_t plan_offset = page_ceil(head.bytes());
  draft->seal();
  const std::uint64_t plan_note_bytes = image::kPlanNoteHeader + draft->bytes();
  const std::uint64_t pages_offset = page_ceil(plan_offset + plan_note_bytes);
  image_bytes_ = pages_offset + contents.page_bytes();
  if (::ftruncate(fd_.get(), static_cast<off_t>(image_bytes_)) != 0) {
    return refusal_->because_errno(errno, "cannot size ", std::string_view(temporary_));
  }

  // The draft's offsets count from the first page; the plan's from the file's start.
  image::Plan* plan = draft->plan();
  auto* maps = const_cast<image::MapOp*>(image::records<image::MapOp>(plan, plan->maps));
  auto* shared =
      const_cast<image::SharedObject*>(image::records<image::SharedObject>(plan, plan->shared));
  std::pmr::vector<std::uint64_t> sums(head.sum_count(), 0, memory_);
  for (std::size_t i = 0; i < draft->maps.size(); ++i) {
    if (maps[i].source != image::Source::kImage) continue;
    maps[i].offset += pages_offset;
    if (!write_mapping(maps[i], maps[i].offset, pages, &sums[i])) return false;
  }
  for (std::size_t i = 0; i < draft->shared.size(); ++i) {
    shared[i].offset += pages_offset;
    if (!write_shared(shared[i], contents.shared()[i], shared[i].offset, pages,
                      &sums[draft->maps.size() + i])) {
      return false;
    }
  }
  if (!flush_staged()) return false;

  std::pmr::vector<char> head_bytes = head.build(plan_offset, plan_note_bytes, pages_offset, sums);
  head_bytes.resize(plan_offset);
  plan->image_bytes = image_bytes_;
  plan->pages_offset = pages_offset;
  plan->head_hash = XXH3_64bits(head_bytes.data(), head_bytes.size());
  plan->plan_hash = image::hash_plan(plan);
  char note[image::kPlanNoteHeader];
  write_plan_note_header(draft->bytes(), note);
  return write_at(0, head_bytes) && write_at(plan_offset, note) &&
         write_at(plan_offset + sizeof note,
                  {reinterpret_cast<const char*>(plan), draft->bytes()}) &&
         publish();
}

bool ImageWriter::publish() {
  struct stat written {};
  if (::fsync(fd_.get()) != 0 || ::fstat(fd_.get(), &written) != 0) {
    return refusal_->because_errno(errno, "cannot write ", std::string_view(temporary_));
  }
  constexpr std::uint64_t kBlock = 512;  // of st_blocks, whatever the file system's
  disk_bytes_ = static_cast<std::uint64_t>(written.st_blocks) * kBlock;
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) {
    return refusal_->because_errno(errno, "cannot rename to ", std::string_view(path_));
  }
  published_ = true;
  return true;
}

}  // namespace fw::capture
