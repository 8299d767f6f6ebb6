// A second capture while one is under way is told so. Most of the time nobody else
// runs during a capture; here a thread blocks the parking signal until it has asked.
// In a clone, the on-restore hooks still belong to the capture.
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <semaphore>
#include <thread>

#include "tests/guests/guest.h"

using namespace fw::guest;

namespace {

void set_blocked(std::uint64_t set) {
  EXPECT_OK(::syscall(SYS_rt_sigprocmask, 2 /* SIG_SETMASK */, &set, nullptr, sizeof set));
}

int capture(const std::string& image) {
  fw_snapshot_request request{};
  request.image_path = image.c_str();
  return fw_snapshot_here(&request, nullptr);
}

std::string other_image;
int in_hook = 0;

}  // namespace

int main(int, char** argv) {
  other_image = argv[1] + std::string("-other");
  EXPECT_EQ(fw_snapshot_on_restore([](void*) { in_hook = capture(other_image); }, nullptr), 0);
  std::atomic<bool> ready{false};
  std::atomic<bool> refused{false};
  std::binary_semaphore end{0};
  std::thread deaf([&] {
    set_blocked(~std::uint64_t{0});
    ready = true;
    for (int result = 0; result != -EALREADY;) {
      result = capture(other_image);
      EXPECT(result == 0 || result == -EALREADY);
    }
    refused = true;
    set_blocked(0);
    end.acquire();
  });
  while (!ready) std::this_thread::yield();

  int result = -EALREADY;
  while (result == -EALREADY) result = capture(argv[1]);

  EXPECT(result == 0 || result == 1);
  EXPECT(refused);
  EXPECT_EQ(in_hook, result == 1 ? -EALREADY : 0);
  if (result == 1) meet_other_clones();
  end.release();
  deaf.join();
}
