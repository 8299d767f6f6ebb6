// Descriptors whose state the kernel does not tell: inotify, pidfd, userfaultfd,
// io_uring, and others. What this kernel does not have is passed over.
#include <linux/io_uring.h>
#include <linux/userfaultfd.h>
#include <sys/inotify.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "tests/guests/guest.h"

using namespace fw::guest;

namespace {

const char* image = nullptr;

bool expect_refused_and_close(long fd, std::string_view kind) {
  if (fd < 0) return false;
  expect_refused(image, -EBUSY, {"descriptor " + std::to_string(fd), kind, "close it"});
  ::close(static_cast<int>(fd));
  return true;
}

}  // namespace

int main(int, char** argv) {
  image = argv[1];
  EXPECT(expect_refused_and_close(::inotify_init1(IN_CLOEXEC), "inotify"));
  EXPECT(expect_refused_and_close(::syscall(SYS_pidfd_open, ::getpid(), 0), "pidfd"));
  constexpr int kUserModeOnly = 1;
  if (!expect_refused_and_close(::syscall(SYS_userfaultfd, kUserModeOnly), "userfaultfd")) {
    say("no userfaultfd here");
  }
  io_uring_params parameters{};
  if (!expect_refused_and_close(::syscall(SYS_io_uring_setup, 4, &parameters), "io_uring")) {
    say("no io_uring here");
  }

  snapshot(image);
}
