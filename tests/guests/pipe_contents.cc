// Pipes with unread bytes: a few, none, a full pipe, a larger one, and one whose
// bytes were written in many pieces.
#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <vector>

#include "tests/guests/guest.h"

using namespace fw::guest;

namespace {

struct Pipe {
  int reader = -1;
  int writer = -1;

  explicit Pipe(int capacity = 0) {
    int ends[2];
    EXPECT_OK(::pipe2(ends, O_CLOEXEC));
    reader = ends[0];
    writer = ends[1];
    if (capacity != 0) EXPECT_OK(::fcntl(writer, F_SETPIPE_SZ, capacity));
  }
  void put(std::size_t size, std::uint32_t seed) const {
    std::vector<char> bytes(size);
    fill(bytes.data(), size, seed);
    EXPECT_EQ(::write(writer, bytes.data(), size), static_cast<ssize_t>(size));
  }
  void expect(std::size_t size, std::uint32_t seed) const {
    int unread = -1;
    EXPECT_OK(::ioctl(reader, FIONREAD, &unread));
    EXPECT_EQ(unread, size);
    std::vector<char> bytes(size + 1);
    if (size != 0) EXPECT_EQ(::read(reader, bytes.data(), size + 1), static_cast<ssize_t>(size));
    EXPECT(holds(bytes.data(), size, seed));
    // And it still is a pipe.
    EXPECT_EQ(::write(writer, "!", 1), 1);
    char byte = 0;
    EXPECT_EQ(::read(reader, &byte, 1), 1);
    EXPECT_EQ(byte, '!');
  }
};

}  // namespace

int main(int, char** argv) {
  const Pipe few;
  const Pipe none;
  const Pipe full;
  const Pipe small(4096);
  const Pipe large(1 << 20);
  const Pipe pieces;
  few.put(10, 1);
  full.put(65536, 2);
  small.put(4096, 3);
  large.put(700'000, 4);
  std::vector<char> text(5000);
  fill(text.data(), text.size(), 5);
  for (std::size_t at = 0; at < text.size(); at += 10) {
    EXPECT_EQ(::write(pieces.writer, text.data() + at, 10), 10);
  }

  snapshot(argv[1]);

  EXPECT_EQ(::fcntl(full.writer, F_GETPIPE_SZ), 65536);
  EXPECT_EQ(::fcntl(small.writer, F_GETPIPE_SZ), 4096);
  EXPECT_EQ(::fcntl(large.writer, F_GETPIPE_SZ), 1 << 20);
  few.expect(10, 1);
  none.expect(0, 0);
  full.expect(65536, 2);
  small.expect(4096, 3);
  large.expect(700'000, 4);
  pieces.expect(5000, 5);
}
