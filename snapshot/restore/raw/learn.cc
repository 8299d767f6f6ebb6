// What makes a fork faster: pages that its template has in memory already.
//
// Which pages: those that another fork looked at, which served for that. The kernel maps
// 16 pages around each one that is read, and copying them all at each fork costs more than
// faulting in the few that are needed. It leaves that where userfaultfd watches for writes
// (asynchronously: nobody has to answer), so the fork that serves has that on.
//
// Fork copies the page tables of a private file mapping only if the mapping has an
// anon_vma, that is, if anonymous pages may be among the file's; else the child faults
// them in again. Installing a guard page gives a mapping one, and removing the guard
// leaves it: nothing is written, so a template's pages stay those of the files, and
// forks and their resets see no page that was changed.
#include <linux/fcntl.h>
#include <linux/ioctl.h>
#include <linux/mman.h>

#include <linux/userfaultfd.h>

#include "snapshot/restore/raw/steps.h"
#include "snapshot/restore/raw/syscall.h"

namespace fw::raw {
namespace {

constexpr int kPopulateRead = 22;   // MADV_POPULATE_READ, Linux 5.14
constexpr int kGuardInstall = 102;  // MADV_GUARD_INSTALL, Linux 6.13; of files 6.15
constexpr int kGuardRemove = 103;
constexpr std::uint64_t kPresent = std::uint64_t{1} << 63;  // bits of a pagemap entry
constexpr std::uint64_t kOfFile = std::uint64_t{1} << 61;
constexpr std::uint64_t kWriteProtectUnpopulated = 1 << 13;  // UFFD_FEATURE_*, Linux 6.7
constexpr std::uint64_t kWriteProtectAsync = 1 << 15;
constexpr int kUserModeOnly = 1;  // UFFD_USER_MODE_ONLY: all that needs no privilege

bool is_private_file(const image::MapOp& op) {
  return op.source == image::Source::kImage ||
         (op.source == image::Source::kFile && (op.flags & image::kMapSharedFile) == 0);
}

// A mapping that does not begin or end with a huge page gets its guard there, for the
// huge page would be broken up.
std::uint64_t place_for_guard(std::uint64_t start, std::uint64_t end) {
  return end % image::kHugePage != 0 ? end - image::kPage : start;
}

// Copies the page tables of one mapping from another process's.
class Learner {
 public:
  Learner(std::uint64_t start, std::uint64_t end, int pagemap_fd)
      : start_(start), end_(end), pagemap_fd_(pagemap_fd) {}

  void run() {
    for (std::uint64_t at = start_; at < end_;) {
      static std::uint64_t entries[512];  // of one page table
      std::uint64_t count = ((at | (image::kHugePage - 1)) + 1 - at) / image::kPage;
      if (count > (end_ - at) / image::kPage) count = (end_ - at) / image::kPage;
      const long got = call(__NR_pread64, pagemap_fd_, static_cast<std::uint64_t*>(entries),
                            count * sizeof entries[0], at / image::kPage * sizeof entries[0]);
      if (got != static_cast<long>(count * sizeof entries[0])) return;
      if (!learn(entries, at, count)) return;
      at += count * image::kPage;
    }
  }

 private:
  // Pages at `at`, all of one page table. False: fork would copy nothing.
  bool learn(const std::uint64_t* entries, std::uint64_t at, std::uint64_t count) {
    std::uint64_t first = 0;
    for (std::uint64_t i = 0; i <= count; ++i) {
      const bool has = i < count && (entries[i] & kPresent) != 0 && (entries[i] & kOfFile) != 0;
      if (has) continue;
      // A whole page table is a huge page, which no fork copies.
      if (i > first && i - first < image::kHugePage / image::kPage) {
        if (!copied_at_fork_ && !make_fork_copy()) return false;
        call(__NR_madvise, at + first * image::kPage, (i - first) * image::kPage, kPopulateRead);
      }
      first = i + 1;
    }
    return true;
  }

  bool make_fork_copy() {
    const std::uint64_t page = place_for_guard(start_, end_);
    if (failed(call(__NR_madvise, page, image::kPage, kGuardInstall))) return false;
    call(__NR_madvise, page, image::kPage, kGuardRemove);
    copied_at_fork_ = true;
    return true;
  }

  std::uint64_t start_;
  std::uint64_t end_;
  int pagemap_fd_;
  bool copied_at_fork_ = false;
};

// Has only pages come into memory that are looked at, until the descriptor is closed: a
// userfaultfd, at least `lowest`, or negative.
long map_page_by_page(const image::Plan* plan, int lowest) {
  const long low = call(__NR_userfaultfd, O_CLOEXEC | O_NONBLOCK | kUserModeOnly);
  if (failed(low)) return low;
  const long fd = call(__NR_fcntl, low, F_DUPFD_CLOEXEC, lowest);
  call(__NR_close, low);
  if (failed(fd)) return fd;
  uffdio_api api{UFFD_API, kWriteProtectUnpopulated | kWriteProtectAsync, 0};
  long r = call(__NR_ioctl, fd, UFFDIO_API, &api);
  const auto* maps = image::records<image::MapOp>(plan, plan->maps);
  for (std::uint32_t i = 0; i < plan->maps.count && !failed(r); ++i) {
    if (!is_private_file(maps[i])) continue;
    uffdio_register range{};
    range.range = {maps[i].start, maps[i].end - maps[i].start};
    range.mode = UFFDIO_REGISTER_MODE_WP;
    r = call(__NR_ioctl, fd, UFFDIO_REGISTER, &range);
  }
  if (!failed(r)) return fd;
  call(__NR_close, fd);
  return r;
}

}  // namespace

void learn_pages(const image::Plan* plan, int pagemap_fd) {
  const long watch = map_page_by_page(plan, plan->first_free_fd);
  if (failed(watch)) return;
  const auto* maps = image::records<image::MapOp>(plan, plan->maps);
  for (std::uint32_t i = 0; i < plan->maps.count; ++i) {
    if (is_private_file(maps[i])) Learner(maps[i].start, maps[i].end, pagemap_fd).run();
  }
  call(__NR_close, watch);
}

void fault_page_by_page(const image::Plan* plan, const Orders& orders) {
  if ((orders.flags & FW_RESTORE_TEACHES) != 0) map_page_by_page(plan, orders.scratch_fd);
}

}  // namespace fw::raw
