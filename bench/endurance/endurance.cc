#include "bench/endurance/endurance.h"

#include "base/clock.h"
#include "bench/endurance/leftovers.h"
#include "bench/interrupt.h"

namespace fw::bench {

namespace {

constexpr std::size_t kMostFailures = 20;  // each may have cost its timeout
// What this process keeps for itself exists after these.
constexpr std::size_t kFirst = 4;

double growth(std::uint64_t before, std::uint64_t after) {
  return after > before ? static_cast<double>(after - before) : 0;
}

}  // namespace

Result<std::string> endure(const RestoreNumber& restore, std::size_t count,
                           const std::filesystem::path& cache, Figures& figures) {
  for (std::size_t i = 0; i < kFirst; ++i) (void)restore(i);
  FW_TRY_ASSIGN(const Leftovers before, count_leftovers(cache));

  std::size_t failures = 0;
  std::size_t done = 0;
  std::string first_failure;
  const std::uint64_t started = monotonic_ns();
  while (done < count && failures < kMostFailures) {
    FW_TRY(check_interrupt());
    const Status restored = restore(done++);
    if (restored) continue;
    if (failures++ == 0) {
      first_failure = "restore " + std::to_string(done) + ": " + restored.error().message();
    }
  }
  const double seconds = static_cast<double>(monotonic_ns() - started) / kNsPerSecond;
  FW_TRY_ASSIGN(const Leftovers after, count_leftovers(cache));

  figures.add("endurance.restores", "restores in a row, functions in turn", "",
              static_cast<double>(done));
  figures.add("endurance.failures", "restores that failed", "", static_cast<double>(failures));
  figures.add("endurance.leaked_descriptors", "descriptors left behind", "",
              growth(before.descriptors, after.descriptors));
  figures.add("endurance.leaked_processes", "processes left behind", "",
              growth(before.processes, after.processes));
  figures.add("endurance.leaked_shared_memory", "shared memory left behind", "bytes",
              growth(before.shared_memory, after.shared_memory));
  figures.add("endurance.per_second", "restores in a row, reaping included", "per second",
              static_cast<double>(done) / seconds);
  return first_failure;
}

}  // namespace fw::bench
