#include "snapshot/capture/memory.h"

#include <sys/mman.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "snapshot/capture/posix_shared.h"
#include "snapshot/image/build_id.h"

namespace fw::capture {
namespace {

using image::MapOp;
using image::Source;

// Every mapping costs 2 us at restore and memory for ever; a page in the image
// that could have come from elsewhere costs 4 KB of a file, and a page of zeros
// costs nothing: it is a hole in the file. Gaps and edges up to these sizes are
// worth a mapping.
constexpr std::uint64_t kWorthMerging = 16 * image::kPage;
constexpr std::uint64_t kWorthMergingZeros = 96 * image::kPage;

// Code of a library up to this size moves into the image with its constants, where
// that makes one mapping of the two: the smallest first, and not more than this in all,
// as a process may have a hundred extension modules.
constexpr std::uint64_t kWorthMovingCode = 48 * image::kPage;
constexpr std::uint64_t kMostMovedCode = 320 * image::kPage;

constexpr std::uint32_t kCode = PROT_READ | PROT_EXEC;

constexpr std::uint64_t kStackRoom = std::uint64_t{8} << 20;
constexpr std::uint64_t kStackGuard = std::uint64_t{1} << 20;

bool touches(const MapOp& before, const MapOp& after) {
  return before.end == after.start && before.prot == after.prot;
}

// Its contents are stored instead of mapped from elsewhere.
void move_into_image(MapOp& op) { op = {op.start, op.end, 0, Source::kImage, 0, op.prot, 0, 0}; }

}  // namespace

bool MemoryCapture::run(const std::pmr::vector<Vma>& vmas, const fw_snapshot_request& request) {
  for (std::size_t i = 0; i < request.external_count; ++i) {
    const fw_snapshot_external& e = request.externals[i];
    const auto start = reinterpret_cast<std::uint64_t>(e.address);
    draft_->externals.push_back({e.tag, 0, start, e.length});
  }
  std::uint64_t previous_end = image::kPage;
  for (const Vma& vma : vmas) {
    if (vma.name == "[stack]") capture_stack_room(vma, previous_end);
    if (!capture_in_parts(vma)) return false;
    previous_end = vma.end;
  }
  if (!check_externals()) return false;
  absorb_small_neighbours();
  merge_neighbours();
  if ((request.flags & FW_SNAPSHOT_MERGE_READ_ONLY) != 0) {
    join_read_only_parts();
    merge_neighbours();
    move_small_code();
    merge_neighbours();
  }
  place_pages();
  return true;
}

// The main stack grew by faults; a restored one is ordinary memory, so the room to
// grow into is mapped at once. It costs nothing until it is used.
void MemoryCapture::capture_stack_room(const Vma& stack, std::uint64_t previous_end) {
  const std::uint64_t lowest = std::max(stack.end - kStackRoom, previous_end + kStackGuard);
  if (lowest >= stack.start) return;
  add(stack, lowest, stack.start, Source::kAnonymous, 0, 0);
}

// The kernel joins mappings that lie side by side, so an external range may be a part
// of a larger one.
bool MemoryCapture::capture_in_parts(Vma vma) {
  const std::uint64_t end = vma.end;
  while (vma.start < end) {
    vma.end = end;
    for (const image::External& e : draft_->externals) {
      for (const std::uint64_t edge : {e.start, e.start + e.length}) {
        if (edge > vma.start && edge < vma.end) vma.end = edge;
      }
    }
    if (!capture_vma(vma)) return false;
    vma.offset += vma.end - vma.start;
    vma.start = vma.end;
  }
  return true;
}

bool MemoryCapture::check_externals() {
  for (std::size_t i = 0; i < draft_->externals.size(); ++i) {
    const image::External& e = draft_->externals[i];
    std::uint64_t mapped = 0;
    for (const MapOp& op : draft_->maps) {
      if (op.source == Source::kExternal && op.index == i) mapped += op.end - op.start;
    }
    if (mapped != e.length) {
      return refusal_->because(-EINVAL, "external range ", e.tag, " is not mapped, or only partly");
    }
  }
  return true;
}

bool MemoryCapture::capture_vma(const Vma& vma) {
  if (vma.name == "[vsyscall]" || vma.name == "[uprobes]") return true;
  if (vma.name.starts_with("[vvar") || vma.name == "[vdso]") {
    if (draft_->header.vdso_parts == image::kMaxVdsoParts) {
      return refusal_->because(-ENOSYS, "the vdso of this kernel has more parts than expected");
    }
    draft_->header.vdso[draft_->header.vdso_parts++] = {vma.start, vma.end - vma.start};
    return true;
  }
  for (std::size_t i = 0; i < draft_->externals.size(); ++i) {
    const image::External& e = draft_->externals[i];
    if (vma.start < e.start || vma.end > e.start + e.length) continue;
    add(vma, vma.start, vma.end, Source::kExternal, static_cast<std::uint16_t>(i),
        vma.start - e.start);
    return true;
  }
  if (vma.name.starts_with("/SYSV")) {
    return refusal_->because(-EBUSY, "SysV shared memory ", vma.name,
                             " is attached: detach it (shmdt) before the snapshot");
  }
  return vma.shared ? capture_shared(vma) : capture_private(vma);
}

bool MemoryCapture::capture_shared(const Vma& vma) {
  const bool posix = vma.name.starts_with(kPosixSharedFolder);
  if (posix && (!vma.deleted || has_posix_shared_name(memory_, vma.inode))) {
    return refusal_->because(-EBUSY, "shared memory or semaphore ", vma.name,
                             " has a name by which other processes can open it: unlink it "
                             "before the snapshot, or open it after the restore");
  }
  const bool anonymous =
      vma.deleted && (posix || vma.name.starts_with("/memfd:") || vma.name == "/dev/zero");
  if (anonymous) {
    std::uint16_t index = 0;
    std::string_view name = vma.name;
    for (const std::string_view prefix : {std::string_view("/memfd:"), kPosixSharedFolder}) {
      if (name.starts_with(prefix)) name.remove_prefix(prefix.size());
    }
    const std::uint64_t reach = vma.offset + (vma.end - vma.start);
    if (!shared_object(vma.device, vma.inode, name, reach, -1, &index)) return false;
    SharedContents& contents = shared_[index];
    if (vma.offset == 0 && vma.end - vma.start > contents.mapped_bytes) {
      contents.address = vma.start;
      contents.mapped_bytes = vma.end - vma.start;
    }
    add(vma, vma.start, vma.end, Source::kShared, index, vma.offset);
    return true;
  }
  if (!vma.is_file() || vma.name.starts_with("/dev/")) {
    return refusal_->because(-EBUSY, "the mapping of ", vma.name.empty() ? "a device" : vma.name,
                             " cannot be carried: unmap it before the snapshot");
  }
  if ((vma.prot & PROT_WRITE) != 0) {
    return refusal_->because(-EBUSY, "file ", vma.name,
                             " is mapped shared and writable: unmap it before the snapshot, map "
                             "it privately, or declare the range as external");
  }
  std::uint16_t index = 0;
  if (!file_index(vma, &index)) return false;
  add(vma, vma.start, vma.end, Source::kFile, index, vma.offset, image::kMapSharedFile);
  return true;
}

bool MemoryCapture::capture_private(const Vma& vma) {
  std::pmr::vector<PageRange> own(memory_);
  const bool zero_device = vma.name == "/dev/zero";
  const bool file = vma.is_file() && !zero_device;
  if (file && vma.deleted) {
    // Its file is gone, so all of it must be in the image.
    if (vma.name.starts_with("/memfd:")) {
      own.push_back({vma.start, vma.end});
    } else {
      return refusal_->because(-EBUSY, "file ", vma.name,
                               " is mapped but was deleted or replaced since (upgraded?): start "
                               "the process again");
    }
  } else if (file && vma.name.starts_with("/dev/")) {
    return refusal_->because(-EBUSY, "device ", vma.name,
                             " is mapped: unmap it before the snapshot");
  } else if (!pages_->own_ranges(vma, &own, refusal_)) {
    return false;
  }

  std::uint16_t index = 0;
  const bool from_file = file && !vma.deleted;
  if (from_file && !file_index(vma, &index)) return false;
  const auto add_rest = [&](std::uint64_t start, std::uint64_t end) {
    if (start == end) return;
    if (from_file) {
      add(vma, start, end, Source::kFile, index, vma.offset + (start - vma.start));
    } else {
      add(vma, start, end, Source::kAnonymous, 0, 0);
    }
  };
  const std::uint64_t worth_merging = from_file ? kWorthMerging : kWorthMergingZeros;
  std::uint64_t done = vma.start;
  for (std::size_t i = 0; i < own.size();) {
    const std::uint64_t start = own[i].start;
    std::uint64_t end = own[i].end;
    for (++i; i < own.size() && own[i].start - end <= worth_merging; ++i) end = own[i].end;
    add_rest(done, start);
    add(vma, start, end, Source::kImage, 0, 0);
    done = end;
  }
  add_rest(done, vma.end);
  return true;
}

void MemoryCapture::add(const Vma& vma, std::uint64_t start, std::uint64_t end, Source source,
                        std::uint16_t index, std::uint64_t offset, std::uint32_t flags) {
  draft_->maps.push_back({start, end, offset, source, index, vma.prot, flags, 0});
}

bool MemoryCapture::file_index(const Vma& vma, std::uint16_t* index) {
  for (std::size_t i = 0; i < draft_->files.size(); ++i) {
    if (draft_->text(draft_->files[i].path) == vma.name) {
      *index = static_cast<std::uint16_t>(i);
      return true;
    }
  }
  image::MappedFile file{};
  file.path = draft_->add_text(vma.name);
  const std::pmr::string path(vma.name, memory_);
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    return refusal_->because_errno(errno, "cannot find mapped file ", vma.name);
  }
  file.size = static_cast<std::uint64_t>(status.st_size);
  file.mtime_seconds = status.st_mtim.tv_sec;
  file.mtime_nanoseconds = status.st_mtim.tv_nsec;
  file.build_id_length = image::read_build_id(path.c_str(), file.build_id, sizeof file.build_id);
  *index = static_cast<std::uint16_t>(draft_->files.size());
  draft_->files.push_back(file);
  return true;
}

bool MemoryCapture::shared_object(std::uint64_t device, std::uint64_t inode, std::string_view name,
                                  std::uint64_t size, int fd, std::uint16_t* index) {
  std::size_t i = 0;
  while (i < shared_keys_.size() &&
         (shared_keys_[i].inode != inode || shared_keys_[i].device != device)) {
    ++i;
  }
  if (i == shared_keys_.size()) {
    constexpr std::size_t kMaxShared = 64;  // the restorer has room for that many
    if (i == kMaxShared) {
      return refusal_->because(-EBUSY, "more than ", kMaxShared, " shared memory objects exist");
    }
    shared_keys_.push_back({device, inode});
    shared_.push_back({static_cast<std::uint32_t>(i), 0, 0, -1});
    draft_->shared.push_back({draft_->add_text(name), 0, 0, 0, 0});
  }
  // A descriptor knows the size; a mapping may reach beyond the end.
  if (fd >= 0) {
    draft_->shared[i].size = size;
    shared_[i].fd = fd;
  } else if (shared_[i].fd < 0) {
    draft_->shared[i].size = std::max(draft_->shared[i].size, size);
  }
  *index = static_cast<std::uint16_t>(i);
  return true;
}

// A small mapping beside image pages of the same protection joins them.
void MemoryCapture::absorb_small_neighbours() {
  auto& maps = draft_->maps;
  const auto can_join = [](const MapOp& op) {
    const bool plain = op.source == Source::kAnonymous ||
                       (op.source == Source::kFile && (op.flags & image::kMapSharedFile) == 0);
    const std::uint64_t limit =
        op.source == Source::kAnonymous ? kWorthMergingZeros : kWorthMerging;
    return plain && op.prot != 0 && op.end - op.start <= limit;
  };
  for (std::size_t i = 0; i < maps.size(); ++i) {
    if (!can_join(maps[i])) continue;
    const bool before =
        i > 0 && maps[i - 1].source == Source::kImage && touches(maps[i - 1], maps[i]);
    const bool after = i + 1 < maps.size() && maps[i + 1].source == Source::kImage &&
                       touches(maps[i], maps[i + 1]);
    if (before || after) move_into_image(maps[i]);
  }
}

// Headers and constants take over the protection of the code they lie beside in
// the same file.
void MemoryCapture::join_read_only_parts() {
  auto& maps = draft_->maps;
  const auto same_file = [](const MapOp& a, const MapOp& b) {
    return a.end == b.start && a.source == Source::kFile && b.source == Source::kFile &&
           a.index == b.index && a.flags == b.flags && a.offset + (a.end - a.start) == b.offset;
  };
  for (std::size_t i = 0; i + 1 < maps.size(); ++i) {
    if (!same_file(maps[i], maps[i + 1])) continue;
    if (maps[i].prot == PROT_READ && maps[i + 1].prot == kCode) maps[i].prot = kCode;
    if (maps[i].prot == kCode && maps[i + 1].prot == PROT_READ) maps[i + 1].prot = kCode;
  }
}

// A small library goes into the image whole when its relocated constants are there.
void MemoryCapture::move_small_code() {
  auto& maps = draft_->maps;
  std::uint64_t moved = 0;
  constexpr std::uint64_t kStep = 4 * image::kPage;
  for (std::uint64_t limit = kStep; limit <= kWorthMovingCode; limit += kStep) {
    for (std::size_t i = 0; i + 1 < maps.size(); ++i) {
      MapOp& code = maps[i];
      MapOp& constants = maps[i + 1];
      const std::uint64_t size = code.end - code.start;
      if (code.prot != kCode || code.source != Source::kFile || size > limit) continue;
      if (code.end == constants.start && constants.prot == PROT_READ &&
          constants.source == Source::kImage && moved + size <= kMostMovedCode) {
        moved += size;
        move_into_image(code);
        constants.prot = kCode;
      }
    }
  }
}

void MemoryCapture::merge_neighbours() {
  auto& maps = draft_->maps;
  std::size_t kept = 0;
  for (std::size_t i = 1; i < maps.size(); ++i) {
    MapOp& last = maps[kept];
    const MapOp& next = maps[i];
    const bool floating = next.source == Source::kImage || next.source == Source::kAnonymous;
    const bool contiguous = floating || last.offset + (last.end - last.start) == next.offset;
    if (touches(last, next) && last.source == next.source && last.index == next.index &&
        last.flags == next.flags && contiguous) {
      last.end = next.end;
    } else {
      maps[++kept] = next;
    }
  }
  if (!maps.empty()) maps.resize(kept + 1);
}

void MemoryCapture::place_pages() {
  for (MapOp& op : draft_->maps) {
    if (op.source != Source::kImage) continue;
    op.offset = page_bytes_;
    page_bytes_ += op.end - op.start;
  }
}

void MemoryCapture::place_shared_contents() {
  for (image::SharedObject& object : draft_->shared) {
    object.offset = page_bytes_;
    page_bytes_ += (object.size + image::kPage - 1) & ~(image::kPage - 1);
  }
}

}  // namespace fw::capture
