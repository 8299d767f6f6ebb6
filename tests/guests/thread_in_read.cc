// A thread that waits for input from a pipe, as a worker waits for its orders.
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "tests/guests/guest.h"

using namespace fw::guest;

int main(int, char** argv) {
  int ends[2];
  EXPECT_OK(::pipe(ends));
  std::atomic<ssize_t> got{-2};
  char word[8] = {};
  std::thread reader([&] { got = ::read(ends[0], word, sizeof word); });
  wait_until_blocked_on(SYS_read, static_cast<std::uint64_t>(ends[0]));

  snapshot(argv[1]);

  wait_until_blocked_on(SYS_read, static_cast<std::uint64_t>(ends[0]));
  EXPECT_EQ(got.load(), -2);
  EXPECT_EQ(::write(ends[1], "order", 5), 5);
  reader.join();
  EXPECT_EQ(got.load(), 5);
  EXPECT_EQ(std::string(word), "order");
}
