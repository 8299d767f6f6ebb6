// What programs share with others goes by copies when a clone is made: no clone sees
// what another does to shared memory, eventfds, pipes and the positions of files.
#include <fcntl.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <unistd.h>

#include <atomic>

#include "tests/guests/guest.h"

using namespace fw::guest;

int main(int, char** argv) {
  void* anonymous =
      ::mmap(nullptr, kPage, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  const int memfd = ::memfd_create("named", 0);
  EXPECT_OK(::ftruncate(memfd, kPage));
  void* named = ::mmap(nullptr, kPage, PROT_READ | PROT_WRITE, MAP_SHARED, memfd, 0);
  EXPECT(anonymous != MAP_FAILED && named != MAP_FAILED);
  const int counter = ::eventfd(0, EFD_NONBLOCK);
  int pipe_ends[2];
  EXPECT_OK(::pipe2(pipe_ends, O_NONBLOCK));
  const int file = ::open("/proc/self/exe", O_RDONLY);
  EXPECT_OK(file);

  snapshot(argv[1]);

  // Every clone adds one, to nothing.
  EXPECT_EQ(static_cast<std::atomic<int>*>(anonymous)->fetch_add(1), 0);
  EXPECT_EQ(static_cast<std::atomic<int>*>(named)->fetch_add(1), 0);
  EXPECT_OK(::eventfd_write(counter, 1));
  EXPECT_EQ(::write(pipe_ends[1], "x", 1), 1);
  EXPECT_EQ(::lseek(file, 1, SEEK_CUR), 1);
  int there = 0;
  EXPECT_EQ(::pread(memfd, &there, sizeof there, 0), sizeof there);
  EXPECT_EQ(there, 1);
  eventfd_t value = 0;
  EXPECT_OK(::eventfd_read(counter, &value));
  EXPECT_EQ(value, 1);
  char bytes[2];
  EXPECT_EQ(::read(pipe_ends[0], bytes, 2), 1);
}
