// PageAllocator: keeps V8's mappings close together.
//
// V8's own scatters them over 46 bits of addresses: every 256 KiB of its heap then
// needs up to three page-table pages of its own, which each clone of a snapshot
// allocates, fills and frees again. Here all lie side by side in one range of
// addresses, the arena, whose start is chosen at random once per process; places that
// are freed are used again, the lowest first.
//
// What the functions do to memory is what V8 10.2 expects of its own allocator.
// They may be called from any thread. Must outlive V8.
#pragma once

#include <v8-platform.h>

#include <cstdint>
#include <map>
#include <mutex>

namespace fw::v8host {

class PageAllocator final : public v8::PageAllocator {
 public:
  // Far above what V8 holds, reservations of WebAssembly (10 GiB each) included.
  // Whatever does not fit is placed by the kernel.
  static constexpr std::uint64_t kArenaSize = std::uint64_t{1} << 40;

  PageAllocator();

  std::size_t AllocatePageSize() override;
  std::size_t CommitPageSize() override;
  // Without effect: the arena stays where it is.
  void SetRandomMmapSeed(std::int64_t /*seed*/) override {}
  // The lowest free place.
  void* GetRandomMmapAddr() override;

  // In the arena, unless the hint is an address elsewhere: V8 asks so for room for code
  // near its builtins, which calls are shorter to. `length` is a multiple of the page
  // size and `alignment` a power of two of at least that. nullptr when there is no memory
  // or there are too many mappings.
  void* AllocatePages(void* hint, std::size_t length, std::size_t alignment,
                      Permission permission) override;
  bool FreePages(void* address, std::size_t length) override;
  bool ReleasePages(void* address, std::size_t length, std::size_t new_length) override;
  bool SetPermissions(void* address, std::size_t length, Permission permission) override;
  bool DiscardSystemPages(void* address, std::size_t length) override;
  bool DecommitPages(void* address, std::size_t length) override;

 private:
  void take(std::uint64_t start, std::uint64_t end);
  void give_back(std::uint64_t start, std::uint64_t end);

  const std::uint64_t arena_;
  std::mutex mutex_;                             // of gaps_
  std::map<std::uint64_t, std::uint64_t> gaps_;  // free parts of the arena: end by start
};

}  // namespace fw::v8host
