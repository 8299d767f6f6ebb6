// Memory for the time of one capture. All other threads are stopped and may hold
// malloc's locks, so nothing here touches the heap; and the memory lies in the
// window, so it is never part of the image.
#pragma once

#include <cstddef>
#include <memory_resource>

namespace fw::capture {

class Arena {
 public:
  Arena() = default;
  ~Arena();
  Arena(const Arena&) = delete;
  Arena& operator=(const Arena&) = delete;

  // Maps the arena. 0, or a negative errno: -EADDRINUSE when the window is taken.
  int open();

  std::pmr::memory_resource* resource() { return &*memory_; }

 private:
  static constexpr std::size_t kBytes = std::size_t{512} << 20;  // reserved, touched as needed

  // A monotonic resource over a fixed buffer. Placed here by open(); destroyed
  // with the arena. There is no upstream: running out is a bug, and ends the program.
  struct Slot {
    alignas(std::pmr::monotonic_buffer_resource)
        std::byte bytes[sizeof(std::pmr::monotonic_buffer_resource)];
    std::pmr::monotonic_buffer_resource& operator*() {
      return *reinterpret_cast<std::pmr::monotonic_buffer_resource*>(bytes);
    }
  };
  Slot memory_;
  void* start_ = nullptr;
};

}  // namespace fw::capture
