// The address space as /proc/self/maps lists it.
#pragma once

#include <cstdint>
#include <memory_resource>
#include <string_view>
#include <vector>

#include "snapshot/capture/refusal.h"

namespace fw::capture {

struct Vma {
  std::uint64_t start = 0;
  std::uint64_t end = 0;
  std::uint32_t prot = 0;
  bool shared = false;
  std::uint64_t offset = 0;
  std::uint64_t device = 0;  // major and minor as text's number, only compared
  std::uint64_t inode = 0;
  std::string_view name;  // path, "[stack]" ..., or empty; without " (deleted)"
  bool deleted = false;

  bool is_file() const { return inode != 0 && !name.empty() && name.front() == '/'; }
};

// All VMAs outside of the window, ascending. Texts live in `memory`.
bool list_vmas(std::pmr::memory_resource* memory, std::pmr::vector<Vma>* vmas, Refusal* refusal);

}  // namespace fw::capture
