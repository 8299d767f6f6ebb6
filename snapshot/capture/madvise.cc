// madvise() for restored processes, in place of libc's.
//
// The danger: a program that gives anonymous memory back with MADV_DONTNEED relies
// on reading zeros from it afterwards. V8's collector and malloc both do. In a
// restored process that memory is a private mapping of the image file, and what
// the kernel brings back are the file's bytes: the state at the snapshot, a heap
// full of long-dead objects. So such a range is replaced by fresh anonymous memory
// of the same protection. MADV_FREE, which the kernel rejects for file mappings,
// is treated alike; it permits that.
//
// Why it suffices: the symbol is defined in the program, so every library's call
// comes here, too. Only glibc's own internal calls and raw system calls do not;
// glibc's (thread stacks, non-main arenas) do not rely on zeros.
#include <sys/mman.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "base/syscalls.h"
#include "snapshot/capture/current_vma.h"
#include "snapshot/capture/resident.h"

namespace fw::capture {
namespace {

using image::MapOp;
using image::Source;

// True when an image-backed mapping of the snapshot overlaps [start, end).
bool touches_image(const image::Plan* plan, std::uint64_t start, std::uint64_t end) {
  const auto* maps = image::records<MapOp>(plan, plan->maps);
  const auto* last = maps + plan->maps.count;
  const auto* op =
      std::partition_point(maps, last, [start](const MapOp& m) { return m.end <= start; });
  for (; op != last && op->start < end; ++op) {
    if (op->source == Source::kImage) return true;
  }
  return false;
}

// While a program is watched (snapshot.h), its layout is the image's, and a reset is fast
// as long as it stays so: a short range is then zeroed where it is. To write zeros is what
// a program may expect of it, but for the memory in use, which the reset bounds.
constexpr std::uint64_t kShort = 64 * image::kPage;

bool zero_in_place(const image::Resident& resident, std::uint64_t start, std::uint64_t end) {
  const bool watched = resident.watch != 0 && resident.watching != 0;
  if (!watched || resident.replaced != 0 || end - start > kShort) return false;
  const auto* maps = image::records<MapOp>(resident.plan, resident.plan->maps);
  const auto* last = maps + resident.plan->maps.count;
  const auto* op =
      std::partition_point(maps, last, [start](const MapOp& m) { return m.end <= start; });
  for (std::uint64_t at = start; at < end; at = op->end, ++op) {
    const bool writable = op != last && op->start <= at && op->source == Source::kImage &&
                          (op->prot & PROT_WRITE) != 0 && (op->prot & PROT_READ) != 0;
    if (!writable) return false;
  }
  std::memset(reinterpret_cast<void*>(start), 0, end - start);
  return true;
}

// The program may have put other mappings where image memory was: each VMA that is
// there now is treated as what it is. Like the kernel, goes on behind a gap and then
// reports it.
int discard(const image::Resident& resident, std::uint64_t start, std::uint64_t end, int advice) {
  const VmaQuery vmas;
  bool gap = false;
  for (std::uint64_t at = start; at < end;) {
    CurrentVma vma;
    const bool found = vmas.find(at, &vma) && vma.start < end;
    if (!found || vma.start > at) gap = true;
    if (!found) break;
    const std::uint64_t from = std::max(at, vma.start);
    const std::uint64_t to = std::min(end, vma.end);
    auto* address = reinterpret_cast<void*>(from);
    const bool of_image =
        !vma.shared && vma.inode == resident.image_inode && vma.device == resident.image_device;
    if (of_image) {
      note_replaced_mapping();
      constexpr int kFlags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED;
      if (::mmap(address, to - from, static_cast<int>(vma.prot), kFlags, -1, 0) == MAP_FAILED) {
        return -1;
      }
    } else if (sys::kernel_madvise(address, to - from, advice) != 0) {
      return -1;
    }
    at = to;
  }
  if (gap) errno = ENOMEM;
  return gap ? -1 : 0;
}

}  // namespace
}  // namespace fw::capture

extern "C" __attribute__((visibility("default"))) int madvise(void* address, size_t length,
                                                              int advice) noexcept {
  using namespace fw::capture;
  const fw::image::Resident* restored = resident();
  if (restored != nullptr && (advice == MADV_DONTNEED || advice == MADV_FREE)) {
    const auto start = reinterpret_cast<std::uint64_t>(address);
    const std::uint64_t end = (start + length + fw::image::kPage - 1) & ~(fw::image::kPage - 1);
    if (start % fw::image::kPage == 0 && touches_image(restored->plan, start, end)) {
      if (zero_in_place(*restored, start, end)) return 0;
      return discard(*restored, start, end, advice);
    }
  }
  return fw::sys::kernel_madvise(address, length, advice);
}
