// Which mappings a reset finds different, and what it does about them.
//
// The plan says what each address is: anonymous memory, pages of the image, of a file,
// of a shared object, of an external range, with which protection. /proc/self/maps says
// what is there. Pieces are compared, not mappings: the kernel joins and splits these as
// it likes. A piece is right when protection, sharing, device, inode and offset are;
// what the plan does not know is unmapped, what is missing or different is mapped from
// the plan. What cannot be mapped again, external ranges and the vdso, must be in place.
//
// Not compared is advice (madvise(2): DONTFORK, HUGEPAGE ...) on a mapping that is
// otherwise untouched: /proc/self/maps does not show it. mlock() is undone.
#include "snapshot/restore/raw/layout.h"

#include <asm/fcntl.h>
#include <asm/stat.h>
#include <linux/fcntl.h>
#include <linux/mman.h>

#include "snapshot/restore/raw/lines.h"
#include "snapshot/restore/raw/reset.h"
#include "snapshot/restore/raw/steps.h"
#include "snapshot/restore/raw/syscall.h"
#include "snapshot/snapshot.h"

namespace fw::raw {
namespace {

using image::MapOp;
using image::Source;

constexpr std::uint64_t kUserEnd = 0x7ffffffff000;

// What a mapping's pages come from, as the kernel names it.
struct Origin {
  std::uint64_t device;  // major << 32 | minor
  std::uint64_t inode;   // 0: not known
  std::uint64_t base;    // where in it the plan's offset 0 is
};

constexpr unsigned kMaxFiles = 1024;
constexpr unsigned kMaxShared = 64;
Origin files[kMaxFiles];  // as mapped at the restore: maybe parts of a pack
// As mapped by resets, which know the files by path only. The same bytes.
Origin files_by_path[kMaxFiles];
Origin shared_objects[kMaxShared];
Origin externals[FW_SNAPSHOT_MAX_EXTERNALS];
Origin pack{};

std::uint64_t device_in_maps(std::uint64_t device) {
  return ((device & 0xfff00) >> 8) << 32 | (device & 0xff) | (device >> 12 & 0xfff00);
}

Origin origin_of(int fd, std::uint64_t base) {
  struct stat status;
  if (failed(call(__NR_fstat, fd, &status))) return {};
  return {device_in_maps(status.st_dev), status.st_ino, base};
}

struct Vma {
  std::uint64_t start = 0;
  std::uint64_t end = 0;
  std::uint32_t prot = 0;
  bool shared = false;
  std::uint64_t offset = 0;
  std::uint64_t device = 0;
  std::uint64_t inode = 0;
  const char* name = "";
};

Vma parse(const char* line) {
  Vma vma;
  vma.start = take_hexadecimal(&line);
  take_text(&line, "-");
  vma.end = take_hexadecimal(&line);
  take_text(&line, " ");
  const char* access = line;
  vma.prot = (access[0] == 'r' ? PROT_READ : 0U) | (access[1] == 'w' ? PROT_WRITE : 0U) |
             (access[2] == 'x' ? PROT_EXEC : 0U);
  vma.shared = access[3] == 's';
  line += 5;
  vma.offset = take_hexadecimal(&line);
  take_text(&line, " ");
  vma.device = take_hexadecimal(&line) << 32;
  take_text(&line, ":");
  vma.device |= take_hexadecimal(&line);
  take_text(&line, " ");
  vma.inode = take_decimal(&line);
  while (*line == ' ') ++line;
  vma.name = line;
  return vma;
}

bool comes_from(const Origin& origin, const MapOp& op, const Vma& vma, std::uint64_t at) {
  return origin.inode != 0 && vma.inode == origin.inode && vma.device == origin.device &&
         vma.offset + (at - vma.start) == origin.base + op.offset + (at - op.start);
}

bool has_right_pages(const MapOp& op, const Vma& vma, std::uint64_t at) {
  switch (op.source) {
    case Source::kAnonymous: {
      const char* name = vma.name;
      return !vma.shared && vma.inode == 0 && vma.device == 0 && !take_text(&name, "[anon:");
    }
    case Source::kImage:
      return !vma.shared &&
             comes_from({resident.image_device, resident.image_inode, 0}, op, vma, at);
    case Source::kFile:
      return vma.shared == ((op.flags & image::kMapSharedFile) != 0) &&
             (comes_from(files[op.index], op, vma, at) ||
              comes_from(files_by_path[op.index], op, vma, at));
    case Source::kShared:
      return vma.shared && comes_from(shared_objects[op.index], op, vma, at);
    case Source::kExternal:
      return vma.shared && comes_from(externals[op.index], op, vma, at);
  }
  return false;
}

int open_file(const MapOp& op) {
  const image::Plan* plan = reset_state.plan;
  const auto& file = image::records<image::MappedFile>(plan, plan->files)[op.index];
  const char* path = image::text(plan, file.path);
  const long fd = call(__NR_open, path, O_RDONLY | O_CLOEXEC);
  if (failed(fd)) cannot_reset("a file that is to be mapped again cannot be opened,", path);
  struct stat now;
  call(__NR_fstat, fd, &now);
  if (static_cast<std::uint64_t>(now.st_size) != file.size ||
      static_cast<std::int64_t>(now.st_mtime) != file.mtime_seconds ||
      static_cast<std::int64_t>(now.st_mtime_nsec) != file.mtime_nanoseconds) {
    cannot_reset("a file that is to be mapped again has changed,", path);
  }
  files_by_path[op.index] = origin_of(static_cast<int>(fd), 0);
  return static_cast<int>(fd);
}

void map_piece(const MapOp& op, std::uint64_t start, std::uint64_t end) {
  long flags = MAP_PRIVATE | MAP_FIXED;
  int fd = -1;
  std::uint64_t offset = op.offset + (start - op.start);
  switch (op.source) {
    case Source::kAnonymous:
      flags |= MAP_ANONYMOUS | MAP_NORESERVE;
      offset = 0;
      break;
    case Source::kImage:
      fd = reset_state.image_fd;
      break;
    case Source::kFile:
      fd = open_file(op);
      if ((op.flags & image::kMapSharedFile) != 0) flags = MAP_SHARED | MAP_FIXED;
      break;
    case Source::kShared:
      fd = shared_object_fd(reset_state.plan, reset_state.orders, op.index);
      flags = MAP_SHARED | MAP_FIXED;
      break;
    case Source::kExternal:
      cannot_reset_at("an external range was unmapped or replaced", start);
  }
  const long r = call(__NR_mmap, start, end - start, op.prot, flags, fd, offset);
  if (static_cast<std::uint64_t>(r) != start)
    cannot_reset_errno("memory cannot be mapped again", r);
  if (op.source == Source::kFile) call(__NR_close, fd);
}

// Goes through the address space upwards, once.
class Pass {
 public:
  explicit Pass(bool only_look) : only_look_(only_look) {
    const image::Plan* plan = reset_state.plan;
    op_ = image::records<MapOp>(plan, plan->maps);
    last_ = op_ + plan->maps.count;
  }

  void see(Vma vma) {
    // What was mapped just now may have been joined with what follows it.
    const std::uint64_t start = vma.start > at_ ? vma.start : at_;
    if (vma.end <= start) return;
    gap(start);
    if (start >= image::kWindowStart && vma.end <= image::kWindowEnd) {
      at_ = vma.end;
    } else if (is_of_vdso(vma)) {
      at_ = vma.end;
    } else {
      at_ = start;
      while (at_ < vma.end) piece(vma);
    }
  }

  void end() {
    gap(kUserEnd);
    if (vdso_parts_ != reset_state.plan->vdso_parts) {
      cannot_reset("the vdso was unmapped or replaced");
    }
  }

 private:
  bool is_of_vdso(const Vma& vma) {
    const image::Plan* plan = reset_state.plan;
    for (std::uint32_t i = 0; i < plan->vdso_parts; ++i) {
      const image::VdsoPart& part = plan->vdso[i];
      const char* name = vma.name;
      if (vma.start != part.start || vma.end != part.start + part.length) continue;
      const std::uint32_t prot = PROT_READ | (i + 1 == plan->vdso_parts ? PROT_EXEC : 0U);
      if (!take_text(&name, "[v") || vma.prot != prot) return false;
      ++vdso_parts_;
      return true;
    }
    return false;
  }

  void differs(std::uint64_t at) const {
    if (only_look_) cannot_reset_at("a mapping differs from the image after the reset", at);
  }

  // Nothing is mapped from at_ to `end`.
  void gap(std::uint64_t end) {
    for (; op_ != last_ && op_->start < end; ++op_) {
      const std::uint64_t from = op_->start > at_ ? op_->start : at_;
      const std::uint64_t to = op_->end < end ? op_->end : end;
      if (from < to) {
        differs(from);
        map_piece(*op_, from, to);
      }
      if (op_->end > end) break;
    }
    at_ = end;
  }

  void piece(const Vma& vma) {
    while (op_ != last_ && op_->end <= at_) ++op_;
    if (op_ == last_ || op_->start > at_) {
      const std::uint64_t end = op_ == last_ || op_->start > vma.end ? vma.end : op_->start;
      differs(at_);
      const long r = call(__NR_munmap, at_, end - at_);
      if (failed(r)) cannot_reset_errno("a mapping of the program's cannot be unmapped", r);
      at_ = end;
      return;
    }
    const std::uint64_t end = op_->end < vma.end ? op_->end : vma.end;
    if (!has_right_pages(*op_, vma, at_)) {
      differs(at_);
      map_piece(*op_, at_, end);
    } else if (vma.prot != op_->prot) {
      differs(at_);
      const long r = call(__NR_mprotect, at_, end - at_, op_->prot);
      if (failed(r)) cannot_reset_errno("a protection cannot be set back", r);
    }
    at_ = end;
  }

  const bool only_look_;
  const MapOp* op_;
  const MapOp* last_;
  std::uint64_t at_ = 0;
  std::uint32_t vdso_parts_ = 0;
};

void go_through_layout(bool only_look) {
  const long fd = open_proc("maps");
  if (failed(fd)) cannot_reset_errno("/proc/self/maps cannot be opened", fd);
  Lines lines(static_cast<int>(fd));
  Pass pass(only_look);
  while (const char* line = lines.next()) {
    const Vma vma = parse(line);
    if (vma.start >= kUserEnd) break;  // [vsyscall]
    const char* name = vma.name;
    if (!take_text(&name, "[uprobes]")) pass.see(vma);
  }
  if (lines.failed()) cannot_reset("/proc/self/maps cannot be read");
  pass.end();
  call(__NR_close, fd);
}

void make_shared_objects() {
  const image::Plan* plan = reset_state.plan;
  for (std::uint32_t i = 0; i < plan->shared.count; ++i) {
    shared_objects[i] = origin_of(shared_object_fd(plan, reset_state.orders, i), 0);
  }
}

}  // namespace

void note_source(const MapOp& op, int fd, std::uint64_t offset, bool of_pack) {
  Origin* origin = nullptr;
  if (op.source == Source::kFile && op.index < kMaxFiles) origin = &files[op.index];
  if (op.source == Source::kShared && op.index < kMaxShared) origin = &shared_objects[op.index];
  if (op.source == Source::kExternal) origin = &externals[op.index];
  if (origin == nullptr || origin->inode != 0) return;
  const bool in_pack = of_pack && op.source == Source::kFile;
  if (in_pack && pack.inode == 0) pack = origin_of(fd, 0);
  *origin = in_pack ? pack : origin_of(fd, 0);
  origin->base = offset - op.offset;
}

bool sources_are_noted(const image::Plan* plan) { return plan->files.count <= kMaxFiles; }

void restore_layout() {
  call(__NR_munlockall);
  make_shared_objects();
  go_through_layout(false);
}

void check_layout() { go_through_layout(true); }

}  // namespace fw::raw
