// The main thread is in the middle of a computation when a signal triggers the
// capture. The handler returns in each clone, and the registers it returns to are
// those of the computation.
#include <cfenv>
#include <csignal>
#include <cstring>
#include <thread>

#include "tests/guests/guest.h"
#include "tests/guests/vector_registers.h"

using namespace fw::guest;

namespace {

volatile int ready = 0;
volatile int go = 0;
int result = -1;

void done(int outcome, const fw_snapshot_report* report, void*) {
  result = outcome;
  if (outcome < 0) die(__FILE__, __LINE__, report->reason);
  if (outcome == 1) meet_other_clones();
  go = 1;
}

}  // namespace

int main(int, char** argv) {
  fw_snapshot_request request{};
  request.image_path = argv[1];
  EXPECT_EQ(fw_snapshot_on_signal(SIGUSR1, &request, done, nullptr), 0);
  const pthread_t main_thread = ::pthread_self();
  std::thread trigger([main_thread] {
    while (ready == 0) std::this_thread::yield();
    ::pthread_kill(main_thread, SIGUSR1);
  });
  std::fesetround(FE_TOWARDZERO);
  const VectorRegisters in = VectorRegisters::pattern();
  VectorRegisters out{};
  hold_registers(in, &out, &ready, &go);
  EXPECT_EQ(std::memcmp(&in, &out, sizeof in), 0);
  EXPECT_EQ(std::fegetround(), FE_TOWARDZERO);
  EXPECT_EQ(__builtin_ia32_stmxcsr() & 0x6000, 0x6000);
  EXPECT(result == 0 || result == 1);
  trigger.join();
}
