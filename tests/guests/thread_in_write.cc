// A thread that waits for room in a full pipe. What it had written, and what it had
// not, must arrive once and in order.
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <thread>
#include <vector>

#include "tests/guests/guest.h"

using namespace fw::guest;

int main(int, char** argv) {
  int ends[2];
  EXPECT_OK(::pipe(ends));
  const int capacity = ::fcntl(ends[1], F_GETPIPE_SZ);
  std::vector<char> sent(static_cast<std::size_t>(capacity) * 3);
  fill(sent.data(), sent.size(), 1);
  std::thread writer([&] {
    // As every program must: an interrupted write may be a short one.
    for (std::size_t done = 0; done < sent.size();) {
      const ssize_t n = ::write(ends[1], sent.data() + done, sent.size() - done);
      EXPECT_OK(n);
      done += static_cast<std::size_t>(n);
    }
    ::close(ends[1]);
  });
  wait_until_blocked_on(SYS_write, static_cast<std::uint64_t>(ends[1]));

  snapshot(argv[1]);

  std::vector<char> received;
  char buffer[5000];
  for (ssize_t n = 0; (n = ::read(ends[0], buffer, sizeof buffer)) > 0;) {
    received.insert(received.end(), buffer, buffer + n);
  }
  writer.join();
  EXPECT_EQ(received.size(), sent.size());
  EXPECT(received == sent);
}
