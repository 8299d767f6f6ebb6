// A capture triggered by a signal from outside the program's own code. The handler
// that was there before is there again, in both worlds.
#include <unistd.h>

#include <csignal>

#include "tests/guests/guest.h"

using namespace fw::guest;

namespace {

int result = -1;
int handled = 0;

void done(int outcome, const fw_snapshot_report* report, void* user) {
  result = outcome;
  if (outcome < 0) die(__FILE__, __LINE__, report->reason);
  EXPECT_EQ(user, static_cast<void*>(&result));
  if (outcome == 0) EXPECT(report->image_bytes > 0 && report->reason[0] == '\0');
  if (outcome == 1) meet_other_clones();
}

}  // namespace

int main(int, char** argv) {
  struct sigaction action {};
  action.sa_handler = [](int) { ++handled; };
  EXPECT_OK(::sigaction(SIGUSR2, &action, nullptr));
  fw_snapshot_request request{};
  request.image_path = argv[1];
  EXPECT_EQ(fw_snapshot_on_signal(SIGUSR2, &request, done, &result), 0);
  EXPECT_EQ(fw_snapshot_on_signal(SIGUSR1, &request, done, nullptr), -EALREADY);
  EXPECT_EQ(result, -1);

  EXPECT_OK(::kill(::getpid(), SIGUSR2));

  EXPECT(result == 0 || result == 1);
  EXPECT_EQ(handled, 0);
  EXPECT_OK(::kill(::getpid(), SIGUSR2));
  EXPECT_EQ(handled, 1);
  sigset_t blocked{};
  EXPECT_OK(::sigprocmask(SIG_BLOCK, nullptr, &blocked));
  EXPECT_EQ(::sigismember(&blocked, SIGUSR2), 0);
}
