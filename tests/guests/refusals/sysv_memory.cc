// SysV shared memory: other processes may hold it, and its id is not ours to choose.
#include <sys/ipc.h>
#include <sys/shm.h>

#include "tests/guests/guest.h"

using namespace fw::guest;

int main(int, char** argv) {
  const int id = ::shmget(IPC_PRIVATE, 4 * kPage, IPC_CREAT | 0600);
  if (id < 0) skip("no SysV shared memory here");
  void* memory = ::shmat(id, nullptr, 0);
  EXPECT_OK(::shmctl(id, IPC_RMID, nullptr));  // gone when detached, whatever happens
  EXPECT(memory != reinterpret_cast<void*>(-1));
  fill(memory, kPage, 1);
  expect_refused(argv[1], -EBUSY, {"SysV shared memory", "/SYSV00000000", "shmdt"});
  EXPECT(holds(memory, kPage, 1));
  EXPECT_OK(::shmdt(memory));

  snapshot(argv[1]);
}
