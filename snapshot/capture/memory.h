// The memory of the process as a list of mappings to make at restore, and the
// pages that must be in the image for it.
#pragma once

#include <memory_resource>
#include <vector>

#include "snapshot/capture/draft.h"
#include "snapshot/capture/pages.h"
#include "snapshot/capture/refusal.h"
#include "snapshot/capture/vma.h"
#include "snapshot/snapshot.h"

namespace fw::capture {

// Contents that the writer must store: `map` of the draft, or shared object.
struct SharedContents {
  std::uint32_t object;   // index in the draft
  std::uint64_t address;  // where it is mapped, if it is
  std::uint64_t mapped_bytes;
  int fd;  // a descriptor of it, if there is one, else -1
};

class MemoryCapture {
 public:
  MemoryCapture(std::pmr::memory_resource* memory, Pages* pages, Draft* draft, Refusal* refusal)
      : memory_(memory), pages_(pages), draft_(draft), refusal_(refusal), shared_(memory) {}

  // Fills draft->maps (image offsets still relative to the first page), files,
  // shared, externals and the vdso.
  bool run(const std::pmr::vector<Vma>& vmas, const fw_snapshot_request& request);

  // The shared object of inode (device, inode), added when it is new.
  bool shared_object(std::uint64_t device, std::uint64_t inode, std::string_view name,
                     std::uint64_t size, int fd, std::uint16_t* index);

  // Bytes of page contents, after run().
  std::uint64_t page_bytes() const { return page_bytes_; }
  const std::pmr::vector<SharedContents>& shared() const { return shared_; }
  void place_shared_contents();

 private:
  bool capture_in_parts(Vma vma);
  bool check_externals();
  bool capture_vma(const Vma& vma);
  bool capture_private(const Vma& vma);
  bool capture_shared(const Vma& vma);
  void capture_stack_room(const Vma& stack, std::uint64_t previous_end);
  bool file_index(const Vma& vma, std::uint16_t* index);
  void add(const Vma& vma, std::uint64_t start, std::uint64_t end, image::Source source,
           std::uint16_t index, std::uint64_t offset, std::uint32_t flags = 0);
  void absorb_small_neighbours();
  void join_read_only_parts();
  void move_small_code();
  void merge_neighbours();
  void place_pages();

  struct InodeKey {
    std::uint64_t device, inode;
  };

  std::pmr::memory_resource* memory_;
  Pages* pages_;
  Draft* draft_;
  Refusal* refusal_;
  std::pmr::vector<SharedContents> shared_;
  std::pmr::vector<InodeKey> shared_keys_{memory_};
  std::uint64_t page_bytes_ = 0;
};

}  // namespace fw::capture
