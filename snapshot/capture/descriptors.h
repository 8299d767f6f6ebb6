// Open descriptors: what kind each is and what it takes to make it again.
#pragma once

#include <memory_resource>

#include "snapshot/capture/draft.h"
#include "snapshot/capture/memory.h"
#include "snapshot/capture/refusal.h"

namespace fw::capture {

class DescriptorCapture {
 public:
  DescriptorCapture(std::pmr::memory_resource* memory, Draft* draft, MemoryCapture* objects,
                    Refusal* refusal)
      : memory_(memory), draft_(draft), objects_(objects), refusal_(refusal) {}

  // All descriptors from 3 on, but those `numbers` does not list: the capture's own.
  bool run(const std::pmr::vector<int>& numbers);

 private:
  bool capture(int fd);
  bool capture_path(std::string_view target, image::Descriptor* d);
  bool capture_pipe(std::string_view target, image::Descriptor* d);
  bool capture_anonymous(std::string_view kind, std::string_view info, image::Descriptor* d);
  bool capture_epoll(std::string_view info, image::Descriptor* d);
  bool capture_timer(image::Descriptor* d);
  bool capture_memfd(std::string_view target, image::Descriptor* d);
  bool refuse_socket(int fd);
  bool refuse_foreign_pipe(int fd, std::string_view target);
  bool pair_pipes();
  // Index of an earlier record with the same open file description, or -1.
  std::int32_t find_duplicate(int fd) const;

  std::pmr::memory_resource* memory_;
  Draft* draft_;
  MemoryCapture* objects_;
  Refusal* refusal_;
  std::pmr::vector<std::uint64_t> inodes_{memory_};  // of each record
};

}  // namespace fw::capture
