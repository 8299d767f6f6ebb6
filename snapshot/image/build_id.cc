#include "snapshot/image/build_id.h"

#include <elf.h>
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>

#include "base/unique_fd.h"

namespace fw::image {
namespace {

std::uint32_t find_in_notes(const char* notes, std::size_t size, std::uint8_t* id,
                            std::uint32_t room) {
  const auto aligned = [](std::size_t n) { return (n + 3) & ~std::size_t{3}; };
  std::size_t at = 0;
  while (at + sizeof(Elf64_Nhdr) <= size) {
    Elf64_Nhdr note{};
    std::memcpy(&note, notes + at, sizeof note);
    const std::size_t name = at + sizeof note;
    const std::size_t value = name + aligned(note.n_namesz);
    if (value + note.n_descsz > size) return 0;
    if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 &&
        std::memcmp(notes + name, "GNU", 4) == 0) {
      const std::uint32_t length = std::min<std::uint32_t>(note.n_descsz, room);
      std::memcpy(id, notes + value, length);
      return length;
    }
    at = value + aligned(note.n_descsz);
  }
  return 0;
}

}  // namespace

std::uint32_t read_build_id(const char* path, std::uint8_t* id, std::uint32_t room) {
  const UniqueFd fd(::open(path, O_RDONLY | O_CLOEXEC));
  if (!fd) return 0;
  Elf64_Ehdr header{};
  if (::pread(fd.get(), &header, sizeof header, 0) != sizeof header ||
      std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0 ||
      header.e_phentsize != sizeof(Elf64_Phdr)) {
    return 0;
  }
  for (unsigned i = 0; i < header.e_phnum; ++i) {
    Elf64_Phdr segment{};
    const auto at = static_cast<off_t>(header.e_phoff + i * sizeof segment);
    if (::pread(fd.get(), &segment, sizeof segment, at) != sizeof segment) return 0;
    if (segment.p_type != PT_NOTE) continue;
    char notes[1024];
    const std::size_t size = std::min<std::size_t>(segment.p_filesz, sizeof notes);
    const ssize_t n = ::pread(fd.get(), notes, size, static_cast<off_t>(segment.p_offset));
    if (n <= 0) continue;
    if (const std::uint32_t found = find_in_notes(notes, static_cast<std::size_t>(n), id, room)) {
      return found;
    }
  }
  return 0;
}

}  // namespace fw::image
