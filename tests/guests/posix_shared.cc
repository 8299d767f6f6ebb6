// A semaphore and shared memory of POSIX that were unlinked: files of a tmpfs that only
// this process can reach, by mapping and by descriptor. Libraries make such semaphores
// to lock among the processes that they may start later.
#include <fcntl.h>
#include <semaphore.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/guests/guest.h"

using namespace fw::guest;

namespace {

int value_of(sem_t* semaphore) {
  int value = -1;
  EXPECT_OK(::sem_getvalue(semaphore, &value));
  return value;
}

}  // namespace

int main(int, char** argv) {
  std::string name = folder_of(argv[1]);
  for (char& letter : name) letter = letter == '/' ? '-' : letter;
  name = "/fwrun-guest" + name;

  sem_t* const semaphore = ::sem_open(name.c_str(), O_CREAT | O_EXCL, 0600, 2);
  EXPECT(semaphore != SEM_FAILED);
  EXPECT_OK(::sem_unlink(name.c_str()));

  constexpr std::size_t kSize = 5 * kPage;
  const int fd = ::shm_open(name.c_str(), O_RDWR | O_CREAT | O_EXCL, 0600);
  EXPECT_OK(fd);
  EXPECT_OK(::shm_unlink(name.c_str()));
  EXPECT_OK(::ftruncate(fd, kSize));
  auto* const shared =
      static_cast<char*>(::mmap(nullptr, kSize, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0));
  EXPECT(shared != MAP_FAILED);
  fill(shared, kSize, 1);
  EXPECT_EQ(::lseek(fd, 3, SEEK_SET), 3);

  snapshot(argv[1]);

  EXPECT_EQ(value_of(semaphore), 2);
  EXPECT(holds(shared, kSize, 1));
  EXPECT_EQ(::lseek(fd, 0, SEEK_CUR), 3);
  char byte = 0;
  EXPECT_EQ(::pread(fd, &byte, 1, kPage), 1);
  EXPECT_EQ(byte, shared[kPage]);
  // A child of the clone shares it, another clone does not.
  EXPECT_OK(::sem_wait(semaphore));
  const pid_t child = ::fork();
  EXPECT_OK(child);
  if (child == 0) {
    shared[0] = 'c';
    ::_exit(::sem_post(semaphore) == 0 ? 0 : 1);
  }
  int status = -1;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(value_of(semaphore), 2);
  EXPECT_EQ(::pread(fd, &byte, 1, 0), 1);
  EXPECT_EQ(byte, 'c');
  fill(shared, kSize, 1);
}
