// Counting the mappings of a restored process that has been given nothing yet: it
// waits for its arguments, so that its memory can be looked at in peace.
#include <fcntl.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdio>
#include <optional>
#include <string>
#include <string_view>

#include "args/shm/slot.h"
#include "base/clock.h"
#include "base/files.h"
#include "base/process.h"
#include "bench/restores/target.h"
#include "embed/job.h"
#include "snapshot/snapshot.h"

namespace fw::bench {

namespace {

constexpr std::uint64_t kPatienceNs = 10 * kNsPerSecond;
constexpr std::uint64_t kLookEveryNs = 100 * kNsPerUs;
constexpr long kFutex = 202;  // its system call number on x86-64

Result<Process> start_without_arguments(const Target& target, const args::Slot& slot) {
  FW_TRY_ASSIGN(const UniqueFd null, open_file("/dev/null", O_RDWR));
  const std::array<fw_restore_fd, 3> fds{{{null.get(), 0}, {null.get(), 1}, {null.get(), 2}}};
  const fw_restore_external slot_memory{embed::kSlotTag, slot.memory_fd(), 0};
  fw_restore_request request{};
  request.image_fd = target.image_fd;
  request.pack_fd = std::max(target.pack_fd, 0);
  request.pid_mode = FW_RESTORE_PID_NAMESPACE;
  request.fds = fds.data();
  request.fd_count = fds.size();
  request.externals = &slot_memory;
  request.external_count = 1;
  request.restorer_path = target.restorer.c_str();
  fw_restored restored{};
  const int error = fw_restore_start(&request, &restored);
  if (error != 0) return fail(Error::from_errno("start a process from the image", -error));
  return Process(restored.pid, UniqueFd(restored.pidfd));
}

// The address that the process waits at in futex(2); 0 when it does not.
std::uint64_t futex_waited_for(const std::string& proc) {
  const Result<std::string> text = read_file(proc + "/syscall");
  long number = 0;
  unsigned long long address = 0;
  if (!text || std::sscanf(text->c_str(), "%ld %llx", &number, &address) != 2) return 0;
  return number == kFutex ? address : 0;
}

// Lines of maps. Without the vsyscall page: it is the kernel's, and no mapping.
std::size_t count_lines(std::string_view maps) {
  const auto lines = static_cast<std::size_t>(std::count(maps.begin(), maps.end(), '\n'));
  return maps.find("[vsyscall]") == std::string_view::npos ? lines : lines - 1;
}

bool lies_in_slot(std::string_view maps, std::uint64_t address) {
  while (!maps.empty()) {
    const std::string_view line = maps.substr(0, maps.find('\n'));
    std::uint64_t from = 0;
    std::uint64_t to = 0;
    const char* const end = line.data() + line.size();
    const auto first = std::from_chars(line.data(), end, from, 16);
    if (first.ptr != end) std::from_chars(first.ptr + 1, end, to, 16);
    if (from <= address && address < to) return line.find("memfd:") != std::string_view::npos;
    maps.remove_prefix(std::min(line.size() + 1, maps.size()));
  }
  return false;
}

}  // namespace

Result<std::size_t> count_mappings(const Target& target) {
  FW_TRY_ASSIGN(args::Slot slot, args::Slot::create());
  FW_TRY_ASSIGN(Process clone, start_without_arguments(target, slot));
  const std::string proc = "/proc/" + std::to_string(clone.pid());
  const std::uint64_t deadline = monotonic_ns() + kPatienceNs;
  while (monotonic_ns() < deadline) {
    const std::uint64_t address = futex_waited_for(proc);
    if (address != 0) {
      FW_TRY_ASSIGN(const std::string maps, read_file(proc + "/maps"));
      if (lies_in_slot(maps, address)) return count_lines(maps);
    }
    FW_TRY_ASSIGN(const std::optional<ExitStatus> ended, clone.wait(kLookEveryNs));
    if (ended) {
      return fail(Errc::kDied, "the restored process ended before it waited for arguments: it " +
                                   ended->describe());
    }
  }
  return fail(Errc::kTimeout, "the restored process did not come to wait for its arguments");
}

}  // namespace fw::bench
