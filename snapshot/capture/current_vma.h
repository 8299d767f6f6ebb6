// What lies at an address right now. Usable inside malloc and signal handlers:
// no heap, no lock.
#pragma once

#include <cstdint>

namespace fw::capture {

struct CurrentVma {
  std::uint64_t start = 0;
  std::uint64_t end = 0;
  std::uint32_t prot = 0;
  bool shared = false;
  std::uint64_t device = 0;  // major << 32 | minor
  std::uint64_t inode = 0;
};

class VmaQuery {
 public:
  VmaQuery();
  ~VmaQuery();
  VmaQuery(const VmaQuery&) = delete;
  VmaQuery& operator=(const VmaQuery&) = delete;

  // The VMA that covers `address`, or else the next one above; false if there is
  // none, or /proc is not mounted.
  bool find(std::uint64_t address, CurrentVma* vma) const;

 private:
  bool find_by_ioctl(std::uint64_t address, CurrentVma* vma) const;
  bool find_by_reading(std::uint64_t address, CurrentVma* vma) const;

  int fd_;
};

}  // namespace fw::capture
