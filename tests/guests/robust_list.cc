// The list of robust locks that each thread registers with the kernel, and the word
// that the kernel clears when a thread ends (pthread_join waits for it).
#include <linux/futex.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <semaphore>
#include <thread>

#include "tests/guests/guest.h"

using namespace fw::guest;

namespace {

struct Registered {
  std::uint64_t list = 0;
  std::size_t size = 0;
  std::uint64_t tid_word = 0;

  static Registered now() {
    Registered r;
    EXPECT_OK(::syscall(SYS_get_robust_list, 0, &r.list, &r.size));
    EXPECT_OK(::prctl(PR_GET_TID_ADDRESS, &r.tid_word));
    return r;
  }
  void expect_unchanged() const {
    const Registered current = now();
    EXPECT_EQ(current.list, list);
    EXPECT_EQ(current.size, size);
    EXPECT_EQ(current.tid_word, tid_word);
    EXPECT_EQ(*reinterpret_cast<const volatile pid_t*>(tid_word), ::gettid());
  }
};

}  // namespace

int main(int, char** argv) {
  const Registered before = Registered::now();
  std::binary_semaphore go{0};
  std::atomic<bool> ready{false};
  std::thread other([&] {
    const Registered own = Registered::now();
    EXPECT(own.list != before.list);
    ready = true;
    go.acquire();
    own.expect_unchanged();
  });
  while (!ready) std::this_thread::yield();

  snapshot(argv[1]);

  before.expect_unchanged();
  go.release();
  other.join();
}
