// Process and thread ids. In a PID namespace they are those of the capture, so that
// whatever remembers one stays right; without, the kernel's and glibc's copies agree.
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <semaphore>
#include <thread>

#include "tests/guests/guest.h"

using namespace fw::guest;

namespace {

std::atomic<int> handled_by{0};

}  // namespace

int main(int, char** argv) {
  const pid_t pid = ::getpid();
  std::atomic<pid_t> tid{0};
  std::counting_semaphore<> go{0};
  std::thread other([&] {
    tid = ::gettid();
    for (int round = 0; round < 2; ++round) {
      go.acquire();
      tid = ::gettid();
    }
  });
  while (tid == 0) std::this_thread::yield();
  const pid_t other_tid = tid;
  struct sigaction action {};
  action.sa_handler = [](int) { handled_by = ::gettid(); };
  EXPECT_OK(::sigaction(SIGUSR1, &action, nullptr));

  const bool restored = snapshot(argv[1]);

  const bool as_before = !restored || pid == 1;
  EXPECT_EQ(::getpid() == pid, as_before);
  EXPECT_EQ(::gettid(), ::getpid());
  tid = 0;
  go.release();
  while (tid == 0) std::this_thread::yield();
  EXPECT_EQ(tid == other_tid, as_before);
  // glibc finds a thread by the id in its descriptor, which the kernel wrote there.
  EXPECT_EQ(::pthread_kill(other.native_handle(), SIGUSR1), 0);
  while (handled_by == 0) std::this_thread::yield();
  EXPECT_EQ(handled_by.load(), tid.load());
  handled_by = 0;
  EXPECT_EQ(::raise(SIGUSR1), 0);
  EXPECT_EQ(handled_by.load(), ::getpid());
  handled_by = 0;
  EXPECT_OK(::syscall(SYS_tgkill, ::getpid(), tid.load(), SIGUSR1));
  while (handled_by == 0) std::this_thread::yield();
  EXPECT_EQ(handled_by.load(), tid.load());
  go.release();
  other.join();
}
