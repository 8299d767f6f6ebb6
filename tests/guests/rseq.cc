// Restartable sequences: the kernel writes the current CPU into an area that each
// thread registered; sched_getcpu() and allocators read it there. A restored thread
// that is not registered would read the CPU of long ago.
#include <sched.h>
#include <sys/rseq.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <semaphore>
#include <thread>

#include "tests/guests/guest.h"

using namespace fw::guest;

namespace {

volatile struct rseq* area() {
  return reinterpret_cast<volatile struct rseq*>(static_cast<char*>(__builtin_thread_pointer()) +
                                                 __rseq_offset);
}

void check_this_thread() {
  cpu_set_t allowed;
  EXPECT_OK(::sched_getaffinity(0, sizeof allowed, &allowed));
  for (int cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (!CPU_ISSET(cpu, &allowed)) continue;
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(cpu, &one);
    EXPECT_OK(::sched_setaffinity(0, sizeof one, &one));
    EXPECT_EQ(area()->cpu_id, cpu);
    EXPECT_EQ(::sched_getcpu(), cpu);
  }
  EXPECT_OK(::sched_setaffinity(0, sizeof allowed, &allowed));
  // Registered with this very area: again is EBUSY, another one is EINVAL.
  EXPECT_EQ(::syscall(SYS_rseq, area(), 32, 0, RSEQ_SIG), -1);
  EXPECT_EQ(errno, EBUSY);
}

}  // namespace

int main(int, char** argv) {
  if (__rseq_size == 0) return 0;  // not on this kernel
  std::binary_semaphore go{0};
  std::atomic<bool> ready{false};
  std::thread other([&] {
    ready = true;
    go.acquire();
    check_this_thread();
  });
  while (!ready) std::this_thread::yield();

  snapshot(argv[1]);

  check_this_thread();
  go.release();
  other.join();
  std::thread fresh(check_this_thread);
  fresh.join();
}
