// libFuzzer target: the input becomes what a clone wrote into its slot (header,
// then log area), and the requester reads it. Run: fuzz_slot -max_total_time=60
#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "args/shm/reply.h"

using namespace fw::args;

// The name is libFuzzer's.
// NOLINTNEXTLINE(readability-identifier-naming)
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const std::unique_ptr<void, decltype(&std::free)> kMemory(
      std::aligned_alloc(4096, kSlotBytes), std::free);
  static std::size_t log_dirty = kLogBytes;
  SlotHeader& slot = *static_cast<SlotHeader*>(kMemory.get());
  const std::size_t header = std::min(size, sizeof(SlotHeader));
  const std::size_t log = std::min(size - header, kLogBytes);
  std::memset(kMemory.get(), 0, sizeof(SlotHeader));
  std::memset(log_of(slot), 0, log_dirty);
  if (size != 0) std::memcpy(kMemory.get(), data, header);
  if (log != 0) std::memcpy(log_of(slot), data + header, log);
  log_dirty = log;

  const auto reply = read_reply(slot);
  if (!reply) {
    if (reply.error().message().empty()) std::abort();
    return 0;
  }
  std::size_t log_bytes = 0;
  for (const LogEntry& entry : reply->answer.logs) log_bytes += entry.text.size();
  if (log_bytes > kLogBytes || reply->body_bytes > kMaxPayload) std::abort();
  return 0;
}
