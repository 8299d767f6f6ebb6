// Threads that begin and end all the time, captures in between: a thread may appear
// while others are parked, and one that is about to end is listed in /proc and never
// parks.
#include <atomic>
#include <thread>
#include <vector>

#include "tests/guests/guest.h"

using namespace fw::guest;

int main(int, char** argv) {
  std::atomic<bool> stop{false};
  std::atomic<std::uint64_t> lives{0};
  std::vector<std::thread> parents;
  for (int i = 0; i < 4; ++i) {
    parents.emplace_back([&] {
      while (!stop) {
        std::thread first([&] { ++lives; });
        std::thread second([&] { std::this_thread::yield(); });
        first.join();
        second.join();
      }
    });
  }
  fw_snapshot_request request{};
  request.image_path = argv[1];
  fw_snapshot_report report{};
  for (int round = 0; round < 10; ++round) {
    const int result = fw_snapshot_here(&request, &report);
    if (result < 0) die(__FILE__, __LINE__, report.reason);
    if (result == 1) {
      meet_other_clones();
      break;
    }
  }
  const std::uint64_t before = lives;
  while (lives < before + 50) std::this_thread::yield();
  stop = true;
  for (std::thread& parent : parents) parent.join();
}
