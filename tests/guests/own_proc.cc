// A guest that sees a /proc of its own PID namespace, as a container does. All other
// guests see one whose numbers are those of an outer namespace.
#include <sched.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <thread>

#include "tests/guests/guest.h"

using namespace fw::guest;

int main(int, char** argv) {
  if (::unshare(CLONE_NEWNS) != 0 ||
      ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
      ::mount("proc", "/proc", "proc", 0, nullptr) != 0) {
    skip("mounting /proc is not allowed here");
  }
  EXPECT_EQ(field(contents("/proc/self/status"), "Pid"), "1");
  int ends[2];
  EXPECT_OK(::pipe(ends));
  int half[2];
  EXPECT_OK(::pipe(half));
  ::close(half[1]);
  std::thread reader([&] {
    char byte = 0;
    EXPECT_EQ(::read(ends[0], &byte, 1), 1);
  });
  wait_until_blocked(SYS_read);

  snapshot(argv[1]);

  EXPECT_EQ(::getpid(), 1);
  EXPECT_EQ(::write(ends[1], "x", 1), 1);
  reader.join();
  char byte = 0;
  EXPECT_EQ(::read(half[0], &byte, 1), 0);
}
