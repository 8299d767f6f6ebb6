// A process may hold files of its own /proc folder open. In a clone they must be the
// clone's.
#include <fcntl.h>
#include <unistd.h>

#include "tests/guests/guest.h"

using namespace fw::guest;

namespace {

std::string read_again(int fd) {
  char text[4096];
  const ssize_t n = ::pread(fd, text, sizeof text, 0);
  return n > 0 ? std::string(text, static_cast<std::size_t>(n)) : std::string();
}

}  // namespace

int main(int, char** argv) {
  const int status = ::open("/proc/self/status", O_RDONLY | O_CLOEXEC);
  EXPECT_OK(status);
  const std::string before = field(read_again(status), "NSpid");
  EXPECT_EQ(before, field(contents("/proc/self/status"), "NSpid"));

  const bool restored = snapshot(argv[1]);

  const std::string now = field(read_again(status), "NSpid");
  EXPECT_EQ(now, field(contents("/proc/self/status"), "NSpid"));
  if (restored) EXPECT(now != before);
}
