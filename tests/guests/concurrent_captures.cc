// Two threads that ask for a snapshot at the same time: one captures, and the other
// is told so, or comes later and captures as well.
#include <atomic>
#include <thread>
#include <vector>

#include "tests/guests/guest.h"

using namespace fw::guest;

int main(int, char** argv) {
  constexpr int kThreads = 4;
  std::atomic<int> ready{0};
  std::atomic<int> refused{0};
  std::atomic<int> captured{0};
  std::vector<std::string> images;
  for (int i = 0; i < kThreads; ++i) images.push_back(argv[1] + std::to_string(i));
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&, i] {
      fw_snapshot_request request{};
      request.image_path = images[static_cast<std::size_t>(i)].c_str();
      ++ready;
      while (ready < kThreads) {
      }
      // Until all have had their turn, so that some are refused.
      for (bool done = false; !done;) {
        switch (fw_snapshot_here(&request, nullptr)) {
          case 0:
            ++captured;
            done = true;
            break;
          case -EALREADY:
            ++refused;
            std::this_thread::yield();
            break;
          default:
            EXPECT(false);
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(captured.load(), kThreads);
  EXPECT(refused > 0);
  snapshot(argv[1]);
}
