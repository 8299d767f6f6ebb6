// Plain mutexes, which know no owner: they stay held and are released where thread
// ids change, too.
#include <sys/syscall.h>

#include <atomic>
#include <mutex>
#include <shared_mutex>
#include <thread>

#include "tests/guests/guest.h"

using namespace fw::guest;

int main(int, char** argv) {
  std::mutex mutex;
  std::shared_mutex shared;
  mutex.lock();
  shared.lock_shared();
  std::atomic<int> entered{0};
  std::thread waiter([&] {
    const std::lock_guard lock(mutex);
    ++entered;
  });
  std::thread writer([&] {
    const std::lock_guard lock(shared);
    ++entered;
  });
  wait_until_blocked(SYS_futex, 2);

  snapshot(argv[1]);

  EXPECT_EQ(entered.load(), 0);
  EXPECT(!mutex.try_lock());
  EXPECT(!shared.try_lock());
  mutex.unlock();
  shared.unlock_shared();
  waiter.join();
  writer.join();
  EXPECT_EQ(entered.load(), 2);
}
