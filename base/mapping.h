// Mapping: owns one mmap()ed range and unmaps it. Move-only.
#pragma once

#include <cstddef>
#include <span>
#include <utility>

#include "base/result.h"

namespace fw {

inline constexpr std::size_t kPageSize = 4096;  // x86-64 base page, bytes

constexpr std::size_t page_floor(std::size_t n) { return n & ~(kPageSize - 1); }
constexpr std::size_t page_ceil(std::size_t n) { return page_floor(n + kPageSize - 1); }

class Mapping {
 public:
  enum class Share { kPrivate, kShared };

  Mapping() = default;
  ~Mapping() { reset(); }
  Mapping(Mapping&& other) noexcept
      : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
  Mapping& operator=(Mapping&& other) noexcept;
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;

  // Maps `size` bytes of `fd` from `offset` (page aligned). `prot` as in mmap(2).
  static Result<Mapping> of_file(int fd, std::size_t size, int prot, Share share,
                                 std::size_t offset = 0);
  static Result<Mapping> anonymous(std::size_t size, int prot);

  std::byte* data() const { return data_; }
  std::size_t size() const { return size_; }
  std::span<std::byte> bytes() const { return {data_, size_}; }
  bool valid() const { return data_ != nullptr; }

 private:
  Mapping(void* data, std::size_t size) : data_(static_cast<std::byte*>(data)), size_(size) {}
  void reset();

  std::byte* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace fw
