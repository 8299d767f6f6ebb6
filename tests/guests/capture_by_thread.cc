// A thread that is not the main one asks for the snapshot, while the main thread
// waits for it. The restored process must have the same main thread.
#include <pthread.h>
#include <unistd.h>

#include <thread>

#include "tests/guests/guest.h"

using namespace fw::guest;

int main(int, char** argv) {
  const pthread_t main_thread = ::pthread_self();
  pthread_t capturing{};
  int checks = 0;
  std::thread thread([&] {
    capturing = ::pthread_self();
    EXPECT(::gettid() != ::getpid());
    const bool restored = snapshot(argv[1]);
    EXPECT(::gettid() != ::getpid());
    EXPECT_EQ(::pthread_self(), capturing);
    checks = restored ? 2 : 1;
  });
  thread.join();
  EXPECT(checks != 0);
  EXPECT_EQ(::gettid(), ::getpid());
  EXPECT_EQ(::pthread_self(), main_thread);
  std::thread another([&] { checks = 3; });
  another.join();
  EXPECT_EQ(checks, 3);
}
