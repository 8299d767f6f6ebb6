#include <asm/fcntl.h>
#include <asm/stat.h>
#include <linux/fcntl.h>
#include <linux/mman.h>
#include <linux/prctl.h>

#include "snapshot/restore/raw/layout.h"
#include "snapshot/restore/raw/print.h"
#include "snapshot/restore/raw/steps.h"
#include "snapshot/restore/raw/syscall.h"

namespace fw::raw {
namespace {

using image::MapOp;
using image::Plan;
using image::Source;

constexpr std::uint64_t kUserEnd = 0x7ffffffff000;

// The vvar and vdso mappings of this process, and where they must go. They cannot
// be mapped anew, but they can be moved; same kernel, same layout: our own parts
// lie as far apart as the image's did.
class Vdso {
 public:
  Vdso(const Plan* plan, std::uint64_t here) : plan_(plan) {
    if (plan->vdso_parts == 0) return;
    const image::VdsoPart& last = plan->vdso[plan->vdso_parts - 1];
    target_ = plan->vdso[0].start;
    length_ = last.start + last.length - target_;
    here_ = here - (last.start - target_);
  }

  // Unmaps all but the window and the vdso, then brings the vdso where the image's
  // mappings cannot hit it: its final place at once, if that does not overlap the
  // present one, else the scratch area.
  void clear_the_field() {
    unmap(0, image::kWindowStart);
    if (length_ == 0) {
      unmap(image::kWindowEnd, kUserEnd);
      return;
    }
    unmap(image::kWindowEnd, here_);
    unmap(here_ + length_, kUserEnd);
    const bool overlap = here_ < target_ + length_ && target_ < here_ + length_;
    move(overlap ? image::kScratchAddress : target_);
  }
  void settle() { move(target_); }

 private:
  static void unmap(std::uint64_t start, std::uint64_t end) {
    if (start >= end) return;
    const long r = call(__NR_munmap, start, end - start);
    if (failed(r)) refuse_errno_at("cannot unmap the restorer's own start", start, r);
  }

  void move(std::uint64_t to) {
    if (length_ == 0 || here_ == to) return;
    for (std::uint32_t i = 0; i < plan_->vdso_parts; ++i) {
      const image::VdsoPart& part = plan_->vdso[i];
      const std::uint64_t distance = part.start - target_;
      const long r = call(__NR_mremap, here_ + distance, part.length, part.length,
                          MREMAP_MAYMOVE | MREMAP_FIXED, to + distance);
      if (failed(r)) refuse_errno_at("cannot move the vdso", here_ + distance, r);
    }
    here_ = to;
  }

  const Plan* plan_;
  std::uint64_t target_ = 0;
  std::uint64_t here_ = 0;
  std::uint64_t length_ = 0;
};

void check_unchanged(const Plan* plan, const image::MappedFile& file, const struct stat& now) {
  if (static_cast<std::uint64_t>(now.st_size) != file.size ||
      static_cast<std::int64_t>(now.st_mtime) != file.mtime_seconds ||
      static_cast<std::int64_t>(now.st_mtime_nsec) != file.mtime_nanoseconds) {
    refuse("stale: a file that the image maps has changed since,", image::text(plan, file.path),
           "install the function again");
  }
}

// Opens mapped files one after the other and keeps the last: neighbours in the
// address space are mostly of one file. With a pack, all of them are in that.
class FileCursor {
 public:
  FileCursor(const Plan* plan, int pack_fd) : plan_(plan), pack_fd_(pack_fd) {
    if (pack_fd_ >= 0) check_pack();
  }
  ~FileCursor() { close(); }

  // The descriptor to map file `index` from, and where in it the file starts.
  int open(std::uint16_t index, std::uint64_t* base) {
    if (pack_fd_ >= 0) {
      *base = base_in_pack(index);
      return pack_fd_;
    }
    *base = 0;
    if (index == index_) return fd_;
    close();
    const image::MappedFile& file = files()[index];
    const char* path = image::text(plan_, file.path);
    const long fd = call(__NR_open, path, O_RDONLY | O_CLOEXEC);
    if (failed(fd)) refuse_errno("cannot open a file that the image maps,", path, fd);
    fd_ = static_cast<int>(fd);
    index_ = index;
    struct stat now;
    call(__NR_fstat, fd_, &now);
    check_unchanged(plan_, file, now);
    return fd_;
  }

 private:
  const image::MappedFile* files() const {
    return image::records<image::MappedFile>(plan_, plan_->files);
  }

  std::uint64_t base_in_pack(std::uint32_t index) const {
    std::uint64_t end = 0;
    for (std::uint32_t i = 0; i < index; ++i) {
      end = image::place_in_pack(end, files()[i].size) + files()[i].size;
    }
    return image::place_in_pack(end, files()[index].size);
  }

  // Whether the files themselves have changed meanwhile is for whoever opened the
  // pack to ask: what lies in it fits the image for ever.
  void check_pack() const {
    struct stat now;
    const std::uint32_t count = plan_->files.count;
    const std::uint64_t end = count == 0 ? 0 : base_in_pack(count - 1) + files()[count - 1].size;
    if (failed(call(__NR_fstat, pack_fd_, &now)) || static_cast<std::uint64_t>(now.st_size) < end) {
      refuse("refused the pack: it is not that of this image");
    }
  }

  void close() {
    if (fd_ >= 0) call(__NR_close, fd_);
    fd_ = -1;
  }

  const Plan* plan_;
  int pack_fd_;
  int fd_ = -1;
  std::uint32_t index_ = ~0U;
};

int external_fd(const Plan* plan, const Orders& orders, std::uint16_t index,
                std::uint64_t* offset) {
  const auto& external = image::records<image::External>(plan, plan->externals)[index];
  for (unsigned i = 0; i < orders.external_count; ++i) {
    if (orders.externals[i].tag == external.tag) {
      *offset = orders.externals[i].offset;
      return orders.externals[i].fd;
    }
  }
  refuse("the image needs an external range that was not supplied: order ext:TAG:FD:OFFSET");
}

void map_one(const Plan* plan, const Orders& orders, FileCursor* files, const MapOp& op) {
  long flags = MAP_PRIVATE | MAP_FIXED_NOREPLACE;
  int fd = -1;
  std::uint64_t offset = op.offset;
  switch (op.source) {
    case Source::kAnonymous:
      flags |= MAP_ANONYMOUS | MAP_NORESERVE;
      offset = 0;
      break;
    case Source::kImage:
      fd = orders.image_fd;
      break;
    case Source::kFile:
      fd = files->open(op.index, &offset);
      offset += op.offset;
      if ((op.flags & image::kMapSharedFile) != 0) flags = MAP_SHARED | MAP_FIXED_NOREPLACE;
      break;
    case Source::kShared:
      fd = shared_object_fd(plan, orders, op.index);
      flags = MAP_SHARED | MAP_FIXED_NOREPLACE;
      break;
    case Source::kExternal:
      fd = external_fd(plan, orders, op.index, &offset);
      offset += op.offset;
      flags = MAP_SHARED | MAP_FIXED_NOREPLACE;
      break;
  }
  const long r = call(__NR_mmap, op.start, op.end - op.start, op.prot, flags, fd, offset);
  if (static_cast<std::uint64_t>(r) != op.start) refuse_errno_at("cannot map memory", op.start, r);
  const bool may_be_reset = orders.flags != 0 || orders.wait_fd >= 0;
  if (fd >= 0 && may_be_reset) note_source(op, fd, offset, orders.pack_fd >= 0);
}

// Shared with whoever is forked, which no two processes of an image may be.
bool belongs_to_one(const MapOp& op) {
  return op.source == Source::kShared || op.source == Source::kExternal;
}

void map_all(const Plan* plan, const Orders& orders, Memory which) {
  constexpr int kNoPack = -1;
  FileCursor files(plan, which == Memory::kOwn ? kNoPack : orders.pack_fd);
  const auto* maps = image::records<MapOp>(plan, plan->maps);
  for (std::uint32_t i = 0; i < plan->maps.count; ++i) {
    if (which == Memory::kAll || belongs_to_one(maps[i]) == (which == Memory::kOwn)) {
      map_one(plan, orders, &files, maps[i]);
    }
  }
}

}  // namespace

void map_memory(const Plan* plan, const Orders& orders, Memory which, std::uint64_t vdso_address) {
  Vdso vdso(plan, vdso_address);
  vdso.clear_the_field();
  map_all(plan, orders, which);
  vdso.settle();
}

void map_own_memory(const Plan* plan, const Orders& orders) { map_all(plan, orders, Memory::kOwn); }

void set_memory_fields(const Plan* plan) {
  const image::MemoryFields& m = plan->memory;
  prctl_mm_map map{};
  map.start_code = m.start_code;
  map.end_code = m.end_code;
  map.start_data = m.start_data;
  map.end_data = m.end_data;
  map.start_brk = m.start_brk;
  map.brk = m.brk;
  map.start_stack = m.start_stack;
  map.arg_start = m.arg_start;
  map.arg_end = m.arg_end;
  map.env_start = m.env_start;
  map.env_end = m.env_end;
  map.auxv = const_cast<__u64*>(reinterpret_cast<const __u64*>(image::text(plan, plan->auxv)));
  map.auxv_size = plan->auxv.length;
  map.exe_fd = ~0U;
  const long r = call(__NR_prctl, PR_SET_MM, PR_SET_MM_MAP, &map, sizeof map, 0L);
  if (failed(r)) refuse_errno("cannot set", "the break and the other memory fields", r);
}

}  // namespace fw::raw
