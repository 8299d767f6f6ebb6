// A hundred threads, some blocked and some computing, each with a stack, thread
// local variables and an id of its own.
#include <sys/syscall.h>

#include <atomic>
#include <semaphore>
#include <thread>
#include <vector>

#include "tests/guests/guest.h"

using namespace fw::guest;

namespace {

constexpr std::uint32_t kThreads = 100;
thread_local std::uint32_t number = 0;
std::counting_semaphore<> go{0};
std::atomic<std::uint32_t> running{0};
std::atomic<std::uint32_t> right{0};
std::atomic<bool> stop{false};

void live(std::uint32_t mine) {
  char stack[2 * kPage];
  number = mine;
  fill(stack, sizeof stack, mine);
  ++running;
  if (mine % 10 == 0) {
    while (!stop) std::this_thread::yield();
  } else {
    go.acquire();
  }
  if (number == mine && holds(stack, sizeof stack, mine)) ++right;
}

}  // namespace

int main(int, char** argv) {
  std::vector<std::thread> threads;
  for (std::uint32_t i = 1; i <= kThreads; ++i) threads.emplace_back(live, i);
  while (running < kThreads) std::this_thread::yield();

  fw_snapshot_request request{};
  request.image_path = argv[1];
  fw_snapshot_report report{};
  const int result = fw_snapshot_here(&request, &report);
  EXPECT(result >= 0);
  if (result == 1) meet_other_clones();
  if (result == 0) EXPECT_EQ(report.threads, kThreads + 1);

  EXPECT_EQ(field(contents("/proc/self/status"), "Threads"), std::to_string(kThreads + 1));
  EXPECT_EQ(right.load(), 0);
  stop = true;
  go.release(kThreads);
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(right.load(), kThreads);
  EXPECT_EQ(number, 0);
}
