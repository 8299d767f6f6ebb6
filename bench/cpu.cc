#include "bench/cpu.h"

#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <string>
#include <system_error>

#include "base/mapping.h"

namespace fw::bench {

namespace {

Status move_all_threads(const cpu_set_t& cpus) {
  std::error_code error;
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task", error)) {
    const pid_t tid = std::stoi(task.path().filename().string());
    if (::sched_setaffinity(tid, sizeof cpus, &cpus) != 0) return fail_errno("sched_setaffinity");
  }
  if (error) return fail(Error::from_errno("read /proc/self/task", error.value()));
  return {};
}

}  // namespace

Result<Cpus> Cpus::allowed() {
  Cpus cpus;
  if (::sched_getaffinity(0, sizeof cpus.all_, &cpus.all_) != 0) {
    return fail_errno("sched_getaffinity");
  }
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (CPU_ISSET(cpu, &cpus.all_)) cpus.last_ = cpu;
  }
  return cpus;
}

Status Cpus::pin() const {
  cpu_set_t one{};
  CPU_SET(last_, &one);
  return move_all_threads(one);
}

Status Cpus::unpin() const { return move_all_threads(all_); }

void warm_memory() {
  constexpr std::uint64_t kMost = std::uint64_t{512} << 20;
  const std::uint64_t free = static_cast<std::uint64_t>(::sysconf(_SC_AVPHYS_PAGES)) * kPageSize;
  const Result<Mapping> memory =
      Mapping::anonymous(page_floor(std::min(kMost, free / 4)), PROT_READ | PROT_WRITE);
  if (!memory) return;
  for (std::size_t at = 0; at < memory->size(); at += kPageSize) {
    memory->data()[at] = std::byte{1};
  }
}

}  // namespace fw::bench
