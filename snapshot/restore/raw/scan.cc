#include "snapshot/restore/raw/scan.h"

#include <asm/errno.h>
#include <linux/ioctl.h>

#include "snapshot/restore/raw/reset.h"
#include "snapshot/restore/raw/syscall.h"

namespace fw::raw {
namespace {

using image::kPage;
using image::MapOp;
using image::Source;

// PAGEMAP_SCAN (Linux 6.7, admin-guide/mm/pagemap.rst); Debian 12's headers are older.
struct ScanRequest {
  std::uint64_t size;
  std::uint64_t flags;
  std::uint64_t start;
  std::uint64_t end;
  std::uint64_t walk_end;
  std::uint64_t regions;
  std::uint64_t region_count;
  std::uint64_t max_pages;
  std::uint64_t category_inverted;
  std::uint64_t category_mask;
  std::uint64_t category_anyof_mask;
  std::uint64_t return_mask;
};
struct Region {
  std::uint64_t start;
  std::uint64_t end;
  std::uint64_t categories;
};
constexpr unsigned long kPagemapScan = _IOWR('f', 16, ScanRequest);
constexpr std::uint64_t kOfFile = 1U << 2;
constexpr std::uint64_t kPresent = 1U << 3;
constexpr std::uint64_t kSwapped = 1U << 4;
constexpr std::uint64_t kZeroPage = 1U << 5;

// The highest address a process can have.
constexpr std::uint64_t kUserEnd = 0x7ffffffff000;

bool scan_is_missing = false;

bool is_own(const MapOp& op) {
  if (op.source == Source::kFile) return (op.flags & image::kMapSharedFile) == 0;
  return op.source == Source::kAnonymous || op.source == Source::kImage;
}

// Goes up the mappings as the ranges come.
class Cursor {
 public:
  explicit Cursor(FoundPages take) : take_(take) {
    const image::Plan* plan = reset_state.plan;
    op_ = image::records<MapOp>(plan, plan->maps);
    last_ = op_ + plan->maps.count;
  }
  void found(std::uint64_t start, std::uint64_t end) {
    while (op_ != last_ && op_->end <= start) ++op_;
    for (const MapOp* op = op_; op != last_ && op->start < end; ++op) {
      const std::uint64_t from = start > op->start ? start : op->start;
      const std::uint64_t to = end < op->end ? end : op->end;
      if (is_own(*op)) take_(*op, from, to);
    }
  }

 private:
  FoundPages take_;
  const MapOp* op_;
  const MapOp* last_;
};

void open_pagemap() {
  if (reset_state.pagemap_fd >= 0) return;
  const long fd = open_proc("pagemap");
  if (failed(fd)) cannot_reset_errno("/proc/self/pagemap cannot be opened", fd);
  reset_state.pagemap_fd = static_cast<int>(fd);
}

// False when this kernel does not know the call.
bool scan_by_ioctl(Cursor* cursor) {
  static Region regions[512];
  ScanRequest request{};
  request.size = sizeof request;
  request.end = kUserEnd;
  request.regions = reinterpret_cast<std::uint64_t>(&regions[0]);
  request.region_count = sizeof regions / sizeof regions[0];
  request.category_inverted = kOfFile | kZeroPage;
  request.category_mask = kOfFile | kZeroPage;
  request.category_anyof_mask = kPresent | kSwapped;
  request.return_mask = kOfFile;  // the same for all, so that ranges are not split
  while (request.start < request.end) {
    const long n = call(__NR_ioctl, reset_state.pagemap_fd, kPagemapScan, &request);
    if (n == -ENOTTY) return false;
    if (failed(n)) cannot_reset_errno("PAGEMAP_SCAN failed", n);
    for (long i = 0; i < n; ++i) cursor->found(regions[i].start, regions[i].end);
    request.start = request.walk_end;
  }
  return true;
}

void scan_by_reading(Cursor* cursor) {
  static std::uint64_t entries[1024];
  constexpr std::uint64_t kPresentOrSwapped = std::uint64_t{3} << 62;
  constexpr std::uint64_t kFileOrShared = std::uint64_t{1} << 61;
  const image::Plan* plan = reset_state.plan;
  const auto* maps = image::records<MapOp>(plan, plan->maps);
  for (std::uint32_t i = 0; i < plan->maps.count; ++i) {
    const MapOp& op = maps[i];
    if (!is_own(op)) continue;
    for (std::uint64_t at = op.start; at < op.end;) {
      const std::uint64_t left = (op.end - at) / kPage;
      constexpr std::uint64_t kMost = sizeof entries / sizeof entries[0];
      const std::uint64_t want = left < kMost ? left : kMost;
      const long n =
          call(__NR_pread64, reset_state.pagemap_fd, &entries[0], want * 8, at / kPage * 8);
      if (n < 8) cannot_reset_errno("/proc/self/pagemap cannot be read", n);
      for (long k = 0; k < n / 8; ++k, at += kPage) {
        const std::uint64_t entry = entries[k];
        if ((entry & kPresentOrSwapped) != 0 && (entry & kFileOrShared) == 0) {
          cursor->found(at, at + kPage);
        }
      }
    }
  }
}

}  // namespace

void scan_own_pages(FoundPages found) {
  open_pagemap();
  if (!scan_is_missing) {
    Cursor cursor(found);
    if (scan_by_ioctl(&cursor)) return;
    scan_is_missing = true;
  }
  Cursor cursor(found);
  scan_by_reading(&cursor);
}

}  // namespace fw::raw
