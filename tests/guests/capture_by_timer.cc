// A capture triggered by a timer, in the middle of work. The timer itself is no part
// of the image.
#include <csignal>

#include "tests/guests/guest.h"

using namespace fw::guest;

namespace {

volatile int result = -1;

void done(int outcome, const fw_snapshot_report* report, void*) {
  if (outcome < 0) die(__FILE__, __LINE__, report->reason);
  if (outcome == 1) meet_other_clones();
  result = outcome;
}

}  // namespace

int main(int, char** argv) {
  fw_snapshot_request request{};
  request.image_path = argv[1];
  EXPECT_EQ(fw_snapshot_after(0, SIGUSR1, &request, done, nullptr), -EINVAL);
  EXPECT_EQ(fw_snapshot_after(5'000'000, SIGUSR1, nullptr, done, nullptr), -EINVAL);
  EXPECT_EQ(fw_snapshot_after(5'000'000, 12345, &request, done, nullptr), -EINVAL);
  EXPECT_EQ(fw_snapshot_after(5'000'000, SIGUSR1, &request, done, nullptr), 0);
  std::uint64_t rounds = 0;
  while (result < 0) ++rounds;
  EXPECT(rounds > 0);
  EXPECT(contents("/proc/self/timers").empty());
  struct sigaction action {};
  EXPECT_OK(::sigaction(SIGUSR1, nullptr, &action));
  EXPECT(action.sa_handler == SIG_DFL);
}
