#include "snapshot/capture/posix_shared.h"

#include "snapshot/capture/proc.h"

namespace fw::capture {

bool has_posix_shared_name(std::pmr::memory_resource* memory, std::uint64_t inode) {
  const auto inodes = list_inodes(memory, kPosixSharedFolder.data());
  if (!inodes) return true;
  for (const std::uint64_t named : *inodes) {
    if (named == inode) return true;
  }
  return false;
}

}  // namespace fw::capture
