// What a clone knows of its own restore, and that a process that was captured, but
// not restored, knows of none.
#include <ctime>
#include <iterator>

#include "tests/guests/guest.h"

using namespace fw::guest;

namespace {

std::uint64_t now() {
  timespec t{};
  ::clock_gettime(CLOCK_MONOTONIC, &t);
  return static_cast<std::uint64_t>(t.tv_sec) * 1'000'000'000 +
         static_cast<std::uint64_t>(t.tv_nsec);
}

}  // namespace

int main(int, char** argv) {
  fw_restore_times times{1, 1, 1, 1, 1, 1};
  EXPECT_EQ(fw_snapshot_restore_times(&times), -ESRCH);
  EXPECT_EQ(times.started | times.checked | times.mapped | times.descriptors | times.threads |
                times.resumed,
            0);
  const std::uint64_t before = now();

  if (!snapshot(argv[1])) {
    EXPECT_EQ(fw_snapshot_restore_times(&times), -ESRCH);
    return 0;
  }

  EXPECT_EQ(fw_snapshot_restore_times(&times), 0);
  const std::uint64_t order[] = {
      before,        times.started, times.checked, times.mapped, times.descriptors,
      times.threads, times.resumed, now()};
  for (std::size_t i = 1; i < std::size(order); ++i) EXPECT(order[i - 1] < order[i]);
}
