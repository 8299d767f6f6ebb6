// A thread that blocks the signal by which threads are parked. The capture gives up
// after a while, names the thread, and the signal that it never took does not hit it
// later.
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <semaphore>
#include <thread>

#include "snapshot/capture/park.h"
#include "tests/guests/guest.h"

using namespace fw::guest;

namespace {

void set_blocked(std::uint64_t set) {
  EXPECT_OK(::syscall(SYS_rt_sigprocmask, 2 /* SIG_SETMASK */, &set, nullptr, sizeof set));
}

}  // namespace

int main(int, char** argv) {
  fw::capture::set_parking_patience(300'000'000);
  std::atomic<int> tid{0};
  std::atomic<bool> hears{false};
  std::binary_semaphore listen{0};
  std::binary_semaphore end{0};
  std::thread deaf([&] {
    set_blocked(~std::uint64_t{0});
    tid = ::gettid();
    listen.acquire();
    set_blocked(0);
    hears = true;
    end.acquire();
  });
  std::atomic<bool> stop{false};
  std::thread other([&] {
    while (!stop) std::this_thread::yield();
  });
  while (tid == 0) std::this_thread::yield();
  expect_refused(argv[1], -EBUSY, {"thread " + std::to_string(tid.load()), "signal 33"});
  expect_refused(argv[1], -EBUSY, {"thread " + std::to_string(tid.load())});
  listen.release();
  while (!hears) std::this_thread::yield();

  snapshot(argv[1]);

  end.release();
  stop = true;
  deaf.join();
  other.join();
}
