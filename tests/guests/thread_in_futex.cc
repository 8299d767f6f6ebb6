// A thread that waits on a futex. The signal that parks it interrupts the wait, and
// a restored thread is a new one: it must wait again, in the same place, and must
// see neither EINTR nor a wake-up that nobody sent.
#include <linux/futex.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "tests/guests/guest.h"

using namespace fw::guest;

int main(int, char** argv) {
  std::atomic<int> word{0};
  std::atomic<int> result{-1};
  std::thread waiter([&] {
    const long r = ::syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 0, nullptr, nullptr, 0);
    result = r == 0 ? 0 : errno;
  });
  wait_until_blocked_on(SYS_futex, &word);

  snapshot(argv[1]);

  wait_until_blocked_on(SYS_futex, &word);
  EXPECT_EQ(result.load(), -1);
  EXPECT_EQ(::syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, 1, nullptr, nullptr, 0), 1);
  waiter.join();
  EXPECT_EQ(result.load(), 0);
}
