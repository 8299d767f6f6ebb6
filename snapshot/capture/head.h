// The head of an image: ELF header, program headers, and the notes that gdb and
// readelf understand. Nothing in it is needed for a restore except the position
// of the plan, which is the second program header.
#pragma once

#include <cstdint>
#include <memory_resource>
#include <span>
#include <vector>

#include "snapshot/capture/draft.h"

namespace fw::capture {

class Head {
 public:
  Head(std::pmr::memory_resource* memory, const Draft& draft)
      : memory_(memory), draft_(draft), notes_(memory) {}

  // Bytes from the file's start to the end of the notes; does not depend on the
  // checksums' values or the plan's place.
  std::uint64_t bytes();

  // The finished head. `sums`: see FORMAT.md, "Checksums".
  std::pmr::vector<char> build(std::uint64_t plan_note_offset, std::uint64_t plan_note_bytes,
                               std::uint64_t pages_offset, std::span<const std::uint64_t> sums);

  // Number of checksums the head carries.
  std::size_t sum_count() const { return draft_.maps.size() + draft_.shared.size(); }

 private:
  void build_notes(std::span<const std::uint64_t> sums);
  void add_note(const char* name, std::uint32_t type, const void* data, std::size_t size);
  void add_thread(const image::Thread& thread);
  void add_vector_state(const char* state);
  void add_process_info();
  void add_mapped_files();
  std::size_t segment_count() const { return 2 + draft_.maps.size(); }

  std::pmr::memory_resource* memory_;
  const Draft& draft_;
  std::pmr::vector<char> notes_;
};

// The note header that precedes the plan.
void write_plan_note_header(std::uint64_t plan_bytes, char (&out)[image::kPlanNoteHeader]);

}  // namespace fw::capture
