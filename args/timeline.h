// The instants of one invocation, as values that travel with its answer.
// Nanoseconds of CLOCK_MONOTONIC; 0 means "did not happen". Plain data: lies in
// shared memory.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace fw::args {

enum class Instant : std::size_t {
  kRequested,    // arguments put, before the clone was started
  kStarted,      // first instruction of the restorer
  kChecked,      // image and machine verified
  kMapped,       // memory in place
  kDescriptors,  // descriptors, cwd and signals in place
  kThreads,      // other threads revived
  kResumed,      // control back in the captured code
  kReseeded,     // random generators, clocks and identities renewed
  kHandler,      // the handler's first instruction
  kHandled,      // the handler's result is there (promise settled)
  kAnswered,     // result serialised and put
  kCount
};

using Timeline = std::array<std::uint64_t, static_cast<std::size_t>(Instant::kCount)>;

inline std::uint64_t& at(Timeline& timeline, Instant instant) {
  return timeline[static_cast<std::size_t>(instant)];
}
inline std::uint64_t at(const Timeline& timeline, Instant instant) {
  return timeline[static_cast<std::size_t>(instant)];
}

}  // namespace fw::args
