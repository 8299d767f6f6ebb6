// A semaphore and shared memory of POSIX that another process can open by name.
#include <fcntl.h>
#include <semaphore.h>
#include <sys/mman.h>
#include <unistd.h>

#include "tests/guests/guest.h"

using namespace fw::guest;

int main(int, char** argv) {
  std::string name = folder_of(argv[1]);
  for (char& letter : name) letter = letter == '/' ? '-' : letter;
  name = "/fwrun-guest" + name;

  // /proc calls the mapping by the name that the file had before its own, and deleted.
  sem_t* semaphore = ::sem_open(name.c_str(), O_CREAT | O_EXCL, 0600, 2);
  EXPECT(semaphore != SEM_FAILED);
  expect_refused(argv[1], -EBUSY, {"semaphore /dev/shm/sem.", "has a name", "unlink it"});
  EXPECT_OK(::sem_close(semaphore));
  semaphore = ::sem_open(name.c_str(), 0);
  EXPECT(semaphore != SEM_FAILED);
  expect_refused(argv[1], -EBUSY, {"/dev/shm/sem." + name.substr(1), "has a name"});
  EXPECT_OK(::sem_close(semaphore));
  EXPECT_OK(::sem_unlink(name.c_str()));

  const int fd = ::shm_open(name.c_str(), O_RDWR | O_CREAT | O_EXCL, 0600);
  EXPECT_OK(fd);
  EXPECT_OK(::ftruncate(fd, kPage));
  void* memory = ::mmap(nullptr, kPage, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
  EXPECT(memory != MAP_FAILED);
  EXPECT_OK(::close(fd));
  expect_refused(argv[1], -EBUSY, {"shared memory or semaphore /dev/shm" + name, "has a name"});
  EXPECT_OK(::shm_unlink(name.c_str()));

  snapshot(argv[1]);
}
