// The devices that are only memory: null, zero, full, random, urandom.
#include <fcntl.h>
#include <unistd.h>

#include <cstring>

#include "tests/guests/guest.h"

using namespace fw::guest;

int main(int, char** argv) {
  const int null = ::open("/dev/null", O_RDWR);
  const int zero = ::open("/dev/zero", O_RDONLY);
  const int full = ::open("/dev/full", O_WRONLY);
  const int random = ::open("/dev/urandom", O_RDONLY | O_CLOEXEC);
  char before[16];
  EXPECT_EQ(::read(random, before, sizeof before), 16);

  snapshot(argv[1]);

  char bytes[16] = "not zero";
  EXPECT_EQ(::write(null, bytes, sizeof bytes), 16);
  EXPECT_EQ(::read(null, bytes, sizeof bytes), 0);
  EXPECT_EQ(::read(zero, bytes, sizeof bytes), 16);
  EXPECT(holds_zeros(bytes, sizeof bytes));
  EXPECT_EQ(::write(full, bytes, 1), -1);
  EXPECT_EQ(errno, ENOSPC);
  EXPECT_EQ(::read(random, bytes, sizeof bytes), 16);
  EXPECT(std::memcmp(bytes, before, sizeof bytes) != 0);
}
