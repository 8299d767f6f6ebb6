// Says what it has: its pid, how it woke up, its descriptors. Starts with a memory that
// no other clone has written to. Meets nobody.
#include <dirent.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <set>

#include "tests/guests/guest.h"

using namespace fw::guest;

namespace {

std::set<int> open_descriptors() {
  std::set<int> numbers;
  DIR* folder = ::opendir("/proc/self/fd");
  while (const dirent* entry = ::readdir(folder)) {
    const int number = std::atoi(entry->d_name);
    if (entry->d_name[0] != '.' && number != ::dirfd(folder)) numbers.insert(number);
  }
  ::closedir(folder);
  return numbers;
}

}  // namespace

int main(int, char** argv) {
  constexpr std::size_t kSize = 20 * kPage;
  auto* memory = static_cast<char*>(std::malloc(kSize));
  fill(memory, kSize, 5);
  void* mapped = ::mmap(nullptr, kPage, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  auto* shared = static_cast<std::atomic<int>*>(mapped);

  fw_snapshot_request request{};
  request.image_path = argv[1];
  const int result = fw_snapshot_here(&request, nullptr);
  EXPECT(result >= 0);
  if (result == 0) return 0;

  EXPECT(holds(memory, kSize, 5));
  fill(memory, kSize, 6);
  EXPECT_EQ(shared->fetch_add(1), 0);
  EXPECT_EQ(field(contents("/proc/self/status"), "Threads"), "1");
  EXPECT_EQ(field(contents("/proc/self/status"), "SigBlk"), "0000000000000000");
  EXPECT_EQ(::waitpid(-1, nullptr, __WALL), -1);
  fw_snapshot_wake wake{};
  EXPECT_EQ(fw_snapshot_woken(&wake), 0);
  ::dprintf(1, "pid %d, woken %d, descriptors", ::getpid(), wake.how);
  for (const int fd : open_descriptors()) ::dprintf(1, " %d", fd);
}
