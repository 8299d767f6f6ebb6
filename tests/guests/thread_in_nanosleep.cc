// Threads asleep: one for an hour, which must sleep on and be cancellable, and one
// until an instant, which must end its sleep there and with success. The kernel ends
// every sleep with EINTR when a handler runs; nobody here handled a signal.
#include <pthread.h>
#include <sys/syscall.h>

#include <atomic>
#include <ctime>
#include <thread>

#include "tests/guests/guest.h"

using namespace fw::guest;

namespace {

std::atomic<int> long_sleep_result{-1};
std::atomic<int> short_sleep_result{-1};

void* sleep_for_an_hour(void*) {
  const timespec hour{3600, 0};
  long_sleep_result = ::nanosleep(&hour, nullptr) == 0 ? 0 : errno;
  return nullptr;
}

std::int64_t now_ns() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * std::int64_t{1'000'000'000} + now.tv_nsec;
}

}  // namespace

int main(int, char** argv) {
  pthread_t sleeper{};
  EXPECT_EQ(::pthread_create(&sleeper, nullptr, sleep_for_an_hour, nullptr), 0);
  const std::int64_t wake_at = now_ns() + 400'000'000;
  std::thread until([wake_at] {
    const timespec when{wake_at / 1'000'000'000, wake_at % 1'000'000'000};
    short_sleep_result = ::clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &when, nullptr);
  });
  wait_until_blocked(SYS_clock_nanosleep, 2);

  snapshot(argv[1]);

  until.join();
  EXPECT_EQ(short_sleep_result.load(), 0);
  EXPECT(now_ns() >= wake_at);
  wait_until_blocked(SYS_clock_nanosleep);
  EXPECT_EQ(long_sleep_result.load(), -1);
  EXPECT_EQ(::pthread_cancel(sleeper), 0);
  void* end = nullptr;
  EXPECT_EQ(::pthread_join(sleeper, &end), 0);
  EXPECT_EQ(end, PTHREAD_CANCELED);
}
