// Which pages of a private mapping hold data of their own, and their contents.
#pragma once

#include <cstdint>
#include <memory_resource>
#include <span>
#include <vector>

#include "base/unique_fd.h"
#include "snapshot/capture/refusal.h"
#include "snapshot/capture/vma.h"

namespace fw::capture {

struct PageRange {
  std::uint64_t start;
  std::uint64_t end;
};

class Pages {
 public:
  explicit Pages(std::pmr::memory_resource* memory) : memory_(memory), buffer_(memory) {}

  bool open(Refusal* refusal);

  // The ranges of `vma` that cannot be had from its file, or are not zero in
  // anonymous memory: copied on write, or written.
  bool own_ranges(const Vma& vma, std::pmr::vector<PageRange>* ranges, Refusal* refusal);

  // The bytes at `address`, whatever the protection; at most kChunk at a time.
  // Valid until the next call. Empty when they cannot be read.
  std::span<const char> read(std::uint64_t address, std::uint64_t length);

  static constexpr std::uint64_t kChunk = 64 * 1024;

 private:
  bool all_zero(std::uint64_t page);

  std::pmr::memory_resource* memory_;
  UniqueFd pagemap_;
  UniqueFd mem_;
  std::pmr::vector<char> buffer_;
};

// True when `bytes` are all zero.
bool is_zero(std::span<const char> bytes);

}  // namespace fw::capture
