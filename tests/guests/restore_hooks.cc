// Hooks that run in each restored process, in order of registration, before any other
// thread and before fw_snapshot_here() returns; never in the captured one.
#include <sys/random.h>

#include <atomic>
#include <thread>

#include "tests/guests/guest.h"

using namespace fw::guest;

namespace {

int order[2 * FW_SNAPSHOT_MAX_HOOKS];
int calls = 0;
std::atomic<std::uint64_t> rounds{0};
std::atomic<bool> ran_early{false};
std::atomic<bool> stop{false};
std::uint64_t identity = 0;

void note(void* number) {
  order[calls++] = static_cast<int>(reinterpret_cast<std::intptr_t>(number));
}

// Long enough for a running thread to be seen.
void watch_other_threads(void*) {
  const std::uint64_t before = rounds;
  for (int i = 0; i < 200; ++i) {
    std::this_thread::yield();
    if (rounds != before) ran_early = true;
  }
  order[calls++] = -1;
}

void renew(void*) {
  if (::getrandom(&identity, sizeof identity, 0) != sizeof identity) identity = 0;
}

}  // namespace

int main(int, char** argv) {
  std::thread busy([] {
    while (!stop) ++rounds;
  });
  std::thread sleepy([] {
    while (!stop) {
      ++rounds;
      std::this_thread::yield();
    }
  });
  const auto number = [](std::intptr_t n) { return reinterpret_cast<void*>(n); };
  EXPECT_EQ(fw_snapshot_on_restore(note, number(1)), 0);
  EXPECT_EQ(fw_snapshot_on_restore(watch_other_threads, nullptr), 0);
  EXPECT_EQ(fw_snapshot_on_restore(renew, nullptr), 0);
  for (std::intptr_t n = 2; n < FW_SNAPSHOT_MAX_HOOKS - 1; ++n) {
    EXPECT_EQ(fw_snapshot_on_restore(note, number(n)), 0);
  }
  EXPECT_EQ(fw_snapshot_on_restore(note, number(100)), -ENOSPC);

  fw_snapshot_request request{};
  request.image_path = argv[1];
  const int result = fw_snapshot_here(&request, nullptr);

  EXPECT_EQ(calls, result == 1 ? FW_SNAPSHOT_MAX_HOOKS - 1 : 0);
  EXPECT_EQ(identity != 0, result == 1);
  if (result == 1) {
    EXPECT_EQ(order[0], 1);
    EXPECT_EQ(order[1], -1);
    for (int n = 2; n < FW_SNAPSHOT_MAX_HOOKS - 1; ++n) EXPECT_EQ(order[n], n);
    EXPECT(!ran_early);
    meet_other_clones();
  }
  const std::uint64_t before = rounds;
  while (rounds < before + 10) std::this_thread::yield();
  stop = true;
  busy.join();
  sleepy.join();
}
