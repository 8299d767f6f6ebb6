// A thread that is parked while it runs a signal handler, which itself waits; and one
// whose handler interrupted another handler. They return through all of it.
#include <pthread.h>
#include <sched.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <thread>

#include "tests/guests/guest.h"

using namespace fw::guest;

namespace {

int pipe_ends[2];
std::atomic<int> depth{0};
std::atomic<int> returned{0};

void wait_for_byte(int) {
  ++depth;
  char byte = 0;
  EXPECT_EQ(::read(pipe_ends[0], &byte, 1), 1);
  ++returned;
}

void handle_and_raise(int) {
  EXPECT_EQ(::pthread_kill(::pthread_self(), SIGUSR2), 0);
  ++returned;
}

}  // namespace

int main(int, char** argv) {
  EXPECT_OK(::pipe(pipe_ends));
  ::signal(SIGUSR2, wait_for_byte);
  ::signal(SIGUSR1, handle_and_raise);
  std::atomic<int> ended{0};
  const auto live = [&] {
    while (returned < 3) ::sched_yield();
    ++ended;
  };
  std::thread plain(live);
  std::thread nested(live);
  EXPECT_EQ(::pthread_kill(plain.native_handle(), SIGUSR2), 0);
  EXPECT_EQ(::pthread_kill(nested.native_handle(), SIGUSR1), 0);
  while (depth < 2) ::sched_yield();
  wait_until_blocked(SYS_read, 2);

  snapshot(argv[1]);

  EXPECT_EQ(returned.load(), 0);
  EXPECT_EQ(::write(pipe_ends[1], "xy", 2), 2);
  plain.join();
  nested.join();
  EXPECT_EQ(ended.load(), 2);
  EXPECT_EQ(returned.load(), 3);
}
