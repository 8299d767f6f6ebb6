#include "snapshot/capture/pages.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "snapshot/image/format.h"

namespace fw::capture {
namespace {

// Bits of /proc/PID/pagemap (Documentation/admin-guide/mm/pagemap.rst). They can be
// read without privilege, and exist on every kernel, unlike PAGEMAP_SCAN.
constexpr std::uint64_t kPresent = std::uint64_t{1} << 63;
constexpr std::uint64_t kSwapped = std::uint64_t{1} << 62;
constexpr std::uint64_t kFileOrShared = std::uint64_t{1} << 61;

bool is_private_page(std::uint64_t entry) {
  return (entry & (kPresent | kSwapped)) != 0 && (entry & kFileOrShared) == 0;
}

}  // namespace

bool is_zero(std::span<const char> bytes) {
  return bytes.empty() ||
         (bytes[0] == 0 && std::memcmp(bytes.data(), bytes.data() + 1, bytes.size() - 1) == 0);
}

bool Pages::open(Refusal* refusal) {
  pagemap_ = UniqueFd(::open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC));
  if (!pagemap_) return refusal->because_errno(errno, "cannot open /proc/self/pagemap");
  mem_ = UniqueFd(::open("/proc/self/mem", O_RDONLY | O_CLOEXEC));
  if (!mem_) return refusal->because_errno(errno, "cannot open /proc/self/mem");
  buffer_.resize(kChunk);
  return true;
}

std::span<const char> Pages::read(std::uint64_t address, std::uint64_t length) {
  length = std::min(length, kChunk);
  const ssize_t n = ::pread(mem_.get(), buffer_.data(), length, static_cast<off_t>(address));
  if (n <= 0) return {};
  return {buffer_.data(), static_cast<std::size_t>(n)};
}

bool Pages::all_zero(std::uint64_t page) {
  const auto bytes = read(page, image::kPage);
  return bytes.size() == image::kPage && is_zero(bytes);
}

bool Pages::own_ranges(const Vma& vma, std::pmr::vector<PageRange>* ranges, Refusal* refusal) {
  constexpr std::size_t kBatch = 4096;
  std::pmr::vector<std::uint64_t> entries(kBatch, memory_);
  const bool file = vma.is_file();
  for (std::uint64_t at = vma.start; at < vma.end;) {
    const std::uint64_t pages = std::min<std::uint64_t>(kBatch, (vma.end - at) / image::kPage);
    const ssize_t n = ::pread(pagemap_.get(), entries.data(), pages * sizeof(entries[0]),
                              static_cast<off_t>(at / image::kPage * sizeof(entries[0])));
    if (n <= 0) return refusal->because_errno(n == 0 ? EIO : errno, "cannot read pagemap");
    const auto got = static_cast<std::uint64_t>(n) / sizeof(entries[0]);
    for (std::uint64_t i = 0; i < got; ++i, at += image::kPage) {
      if (!is_private_page(entries[i])) continue;
      if (!file && all_zero(at)) continue;
      if (!ranges->empty() && ranges->back().end == at) {
        ranges->back().end = at + image::kPage;
      } else {
        ranges->push_back({at, at + image::kPage});
      }
    }
  }
  return true;
}

}  // namespace fw::capture
