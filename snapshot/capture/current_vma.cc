#include "snapshot/capture/current_vma.h"

#include <fcntl.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cerrno>
#include <string_view>

#include "snapshot/capture/proc.h"

namespace fw::capture {
namespace {

// PROCMAP_QUERY (Linux 6.11, Documentation/filesystems/proc.rst); Debian 12's
// headers are older.
struct ProcmapQuery {
  std::uint64_t size;
  std::uint64_t query_flags;
  std::uint64_t query_addr;
  std::uint64_t vma_start;
  std::uint64_t vma_end;
  std::uint64_t vma_flags;
  std::uint64_t vma_page_size;
  std::uint64_t vma_offset;
  std::uint64_t inode;
  std::uint32_t dev_major;
  std::uint32_t dev_minor;
  std::uint32_t vma_name_size;
  std::uint32_t build_id_size;
  std::uint64_t vma_name_addr;
  std::uint64_t build_id_addr;
};
constexpr unsigned long kProcmapQuery = _IOWR('f', 17, ProcmapQuery);
constexpr std::uint64_t kShared = 8;
constexpr std::uint64_t kCoveringOrNext = 16;

}  // namespace

VmaQuery::VmaQuery() : fd_(::open("/proc/self/maps", O_RDONLY | O_CLOEXEC)) {}

VmaQuery::~VmaQuery() {
  if (fd_ >= 0) ::close(fd_);
}

bool VmaQuery::find(std::uint64_t address, CurrentVma* vma) const {
  if (fd_ < 0) return false;
  if (find_by_ioctl(address, vma)) return true;
  return errno == ENOTTY && find_by_reading(address, vma);
}

bool VmaQuery::find_by_ioctl(std::uint64_t address, CurrentVma* vma) const {
  ProcmapQuery query{};
  query.size = sizeof query;
  query.query_flags = kCoveringOrNext;
  query.query_addr = address;
  if (::ioctl(fd_, kProcmapQuery, &query) != 0) return false;
  *vma = {query.vma_start,
          query.vma_end,
          static_cast<std::uint32_t>(query.vma_flags & 7),  // the bits are PROT_*'s
          (query.vma_flags & kShared) != 0,
          std::uint64_t{query.dev_major} << 32 | query.dev_minor,
          query.inode};
  return true;
}

bool VmaQuery::find_by_reading(std::uint64_t address, CurrentVma* vma) const {
  ::lseek(fd_, 0, SEEK_SET);
  char buffer[4096];
  std::size_t held = 0;
  for (;;) {
    const ssize_t n = ::read(fd_, buffer + held, sizeof buffer - held);
    if (n <= 0) return false;
    held += static_cast<std::size_t>(n);
    std::string_view text(buffer, held);
    while (text.find('\n') != std::string_view::npos) {
      std::string_view line = take_line(&text);
      const std::string_view range = take_word(&line);
      vma->start = to_number(range, 16);
      vma->end = to_number(range.substr(range.find('-') + 1), 16);
      if (vma->end <= address) continue;
      const std::string_view access = take_word(&line);
      vma->prot = (access[0] == 'r' ? PROT_READ : 0U) | (access[1] == 'w' ? PROT_WRITE : 0U) |
                  (access[2] == 'x' ? PROT_EXEC : 0U);
      vma->shared = access[3] == 's';
      take_word(&line);  // offset
      const std::string_view device = take_word(&line);
      vma->device =
          to_number(device, 16) << 32 | to_number(device.substr(device.find(':') + 1), 16);
      vma->inode = to_number(take_word(&line));
      return true;
    }
    held = text.size();
    for (std::size_t i = 0; i < held; ++i) buffer[i] = text[i];
  }
}

}  // namespace fw::capture
