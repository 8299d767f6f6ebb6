#include "snapshot/capture/vma.h"

#include <sys/mman.h>

#include <cerrno>

#include "snapshot/capture/proc.h"
#include "snapshot/image/format.h"

namespace fw::capture {
namespace {

// "7f12-7f34 r-xp 00001000 08:01 131 /usr/lib/libc.so.6"
Vma parse(std::string_view line) {
  Vma vma;
  const std::string_view range = take_word(&line);
  vma.start = to_number(range, 16);
  vma.end = to_number(range.substr(range.find('-') + 1), 16);
  const std::string_view access = take_word(&line);
  vma.prot = (access[0] == 'r' ? PROT_READ : 0U) | (access[1] == 'w' ? PROT_WRITE : 0U) |
             (access[2] == 'x' ? PROT_EXEC : 0U);
  vma.shared = access[3] == 's';
  vma.offset = to_number(take_word(&line), 16);
  const std::string_view device = take_word(&line);
  vma.device = to_number(device, 16) << 32 | to_number(device.substr(device.find(':') + 1), 16);
  vma.inode = to_number(take_word(&line));
  const std::size_t name = line.find_first_not_of(' ');
  if (name != std::string_view::npos) vma.name = line.substr(name);
  constexpr std::string_view kDeleted = " (deleted)";
  if (vma.is_file() && vma.name.ends_with(kDeleted)) {
    vma.name.remove_suffix(kDeleted.size());
    vma.deleted = true;
  }
  return vma;
}

}  // namespace

bool list_vmas(std::pmr::memory_resource* memory, std::pmr::vector<Vma>* vmas, Refusal* refusal) {
  auto maps = read_proc(memory, "/proc/self/maps");
  if (!maps) return refusal->because_errno(errno, "cannot read /proc/self/maps");
  // Leaves the text in the arena for the names to point to.
  auto* text = new (memory->allocate(sizeof(std::pmr::string), alignof(std::pmr::string)))
      std::pmr::string(std::move(*maps), memory);
  std::string_view lines = *text;
  while (!lines.empty()) {
    const Vma vma = parse(take_line(&lines));
    if (vma.start >= image::kWindowStart && vma.end <= image::kWindowEnd) continue;
    vmas->push_back(vma);
  }
  return true;
}

}  // namespace fw::capture
