#include "snapshot/capture/arena.h"

#include <sys/mman.h>

#include <cerrno>
#include <new>

#include "snapshot/image/format.h"

namespace fw::capture {

int Arena::open() {
  // The whole window must be free, or the restorer could not come to lie there.
  // Reserving it proves that; the arena is then made within the reservation.
  constexpr std::size_t kWindow = image::kWindowEnd - image::kWindowStart;
  void* window = ::mmap(reinterpret_cast<void*>(image::kWindowStart), kWindow, PROT_NONE,
                        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
  if (window == MAP_FAILED) return errno == EEXIST ? -EADDRINUSE : -errno;
  start_ = window;
  void* arena = reinterpret_cast<void*>(image::kArenaAddress);
  if (::mprotect(arena, kBytes, PROT_READ | PROT_WRITE) != 0) return -errno;
  new (memory_.bytes)
      std::pmr::monotonic_buffer_resource(arena, kBytes, std::pmr::null_memory_resource());
  return 0;
}

Arena::~Arena() {
  if (start_ != nullptr) ::munmap(start_, image::kWindowEnd - image::kWindowStart);
}

}  // namespace fw::capture
