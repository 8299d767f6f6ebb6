// Alternate signal stacks, one for each thread. After the restore, a handler with
// SA_ONSTACK must run there: with a stack that overflowed it could run nowhere else.
#include <pthread.h>

#include <atomic>
#include <csignal>
#include <semaphore>
#include <thread>

#include "tests/guests/guest.h"

using namespace fw::guest;

namespace {

constexpr std::size_t kSize = 64 * 1024;
std::atomic<char*> handled_at{nullptr};

void handle(int) {
  char here = 0;
  handled_at = reinterpret_cast<char*>(reinterpret_cast<std::uintptr_t>(&here));
}

void check(char* stack) {
  stack_t now{};
  EXPECT_OK(::sigaltstack(nullptr, &now));
  EXPECT_EQ(now.ss_sp, static_cast<void*>(stack));
  EXPECT_EQ(now.ss_size, kSize);
  EXPECT_EQ(now.ss_flags, 0);
  EXPECT_EQ(::pthread_kill(::pthread_self(), SIGUSR1), 0);
  EXPECT(handled_at >= stack && handled_at < stack + kSize);
}

void use(char* stack) {
  const stack_t wanted{stack, 0, kSize};
  EXPECT_OK(::sigaltstack(&wanted, nullptr));
}

}  // namespace

int main(int, char** argv) {
  static char stacks[2][kSize];
  struct sigaction action {};
  action.sa_handler = handle;
  action.sa_flags = SA_ONSTACK;
  EXPECT_OK(::sigaction(SIGUSR1, &action, nullptr));
  std::binary_semaphore go{0};
  std::atomic<bool> ready{false};
  std::thread other([&] {
    use(stacks[1]);
    check(stacks[1]);
    ready = true;
    go.acquire();
    check(stacks[1]);
  });
  std::binary_semaphore go_without{0};
  std::thread without([&] {
    go_without.acquire();
    stack_t now{};
    EXPECT_OK(::sigaltstack(nullptr, &now));
    EXPECT_EQ(now.ss_flags, SS_DISABLE);
  });
  while (!ready) std::this_thread::yield();
  use(stacks[0]);

  snapshot(argv[1]);

  check(stacks[0]);
  go.release();
  other.join();
  go_without.release();
  without.join();
}
