#include "bench/serving/soak/daemon_state.h"

#include <poll.h>

#include <charconv>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/files.h"
#include "bench/interrupt.h"

namespace fw::bench {

namespace {

constexpr int kLookEveryMs = 100;
constexpr std::uint64_t kKibibyte = 1024;

// Of a line "Name:   1234 kB".
Result<std::uint64_t> bytes_of(const std::string& file, std::string_view name) {
  FW_TRY_ASSIGN(const std::string text, read_file(file));
  const std::size_t line = text.find(std::string(name) + ":");
  const std::size_t digits =
      line == std::string::npos ? line : text.find_first_of("0123456789", line + name.size());
  if (digits == std::string::npos) {
    return fail(Errc::kInternal, file + " tells no " + std::string(name));
  }
  std::uint64_t kb = 0;
  std::from_chars(text.data() + digits, text.data() + text.size(), kb);
  return kb * kKibibyte;
}

}  // namespace

Result<DaemonState> look_at(pid_t daemon) {
  DaemonState state;
  FW_TRY_ASSIGN(state.held, count_leftovers_of(daemon));
  FW_TRY_ASSIGN(state.private_bytes,
                bytes_of("/proc/" + std::to_string(daemon) + "/smaps_rollup", "Anonymous"));
  FW_TRY_ASSIGN(state.shared_bytes, bytes_of("/proc/meminfo", "Shmem"));
  return state;
}

Result<DaemonState> look_when_idle(pid_t daemon, std::size_t at_most, std::uint64_t patience_ns) {
  const std::uint64_t deadline = monotonic_ns() + patience_ns;
  for (;;) {
    FW_TRY(check_interrupt());
    FW_TRY_ASSIGN(const DaemonState state, look_at(daemon));
    if (state.held.processes <= at_most) return state;
    if (monotonic_ns() > deadline) {
      return fail(Errc::kTimeout, "the daemon still has " + std::to_string(state.held.processes) +
                                      " processes when it should have no more than " +
                                      std::to_string(at_most));
    }
    ::poll(nullptr, 0, kLookEveryMs);
  }
}

Result<DaemonState> look_when_settled(pid_t daemon, std::size_t at_most, const DaemonState& before,
                                      std::uint64_t patience_ns) {
  const std::uint64_t deadline = monotonic_ns() + patience_ns;
  for (;;) {
    FW_TRY_ASSIGN(const DaemonState state, look_when_idle(daemon, at_most, patience_ns));
    const bool settled = state.held.descriptors <= before.held.descriptors &&
                         state.held.processes <= before.held.processes &&
                         state.held.shared_memory <= before.held.shared_memory;
    if (settled || monotonic_ns() > deadline) return state;
    ::poll(nullptr, 0, kLookEveryMs);
  }
}

}  // namespace fw::bench
