#include "base/mapping.h"

#include <sys/mman.h>

namespace fw {

Mapping& Mapping::operator=(Mapping&& other) noexcept {
  if (this != &other) {
    reset();
    data_ = std::exchange(other.data_, nullptr);
    size_ = std::exchange(other.size_, 0);
  }
  return *this;
}

Result<Mapping> Mapping::of_file(int fd, std::size_t size, int prot, Share share,
                                 std::size_t offset) {
  const int flags = share == Share::kShared ? MAP_SHARED : MAP_PRIVATE;
  void* data = ::mmap(nullptr, size, prot, flags, fd, static_cast<off_t>(offset));
  if (data == MAP_FAILED) return fail_errno("mmap of a file");
  return Mapping(data, size);
}

Result<Mapping> Mapping::anonymous(std::size_t size, int prot) {
  void* data = ::mmap(nullptr, size, prot, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (data == MAP_FAILED) return fail_errno("mmap of anonymous memory");
  return Mapping(data, size);
}

void Mapping::reset() {
  if (data_ != nullptr) ::munmap(std::exchange(data_, nullptr), std::exchange(size_, 0));
}

}  // namespace fw
