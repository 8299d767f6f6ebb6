// Anonymous memory mapped shared, the way a program talks to the children it forks.
// Each clone has a copy of its own, and shares it with its own children only.
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/guests/guest.h"

using namespace fw::guest;

int main(int, char** argv) {
  constexpr std::size_t kSize = 50 * kPage;
  void* mapped = ::mmap(nullptr, kSize, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  EXPECT(mapped != MAP_FAILED);
  auto* memory = static_cast<char*>(mapped);
  fill(memory, 10 * kPage, 1);

  const bool restored = snapshot(argv[1]);

  EXPECT(holds(memory, 10 * kPage, 1));
  EXPECT(holds_zeros(memory + 10 * kPage, kSize - 10 * kPage));
  const pid_t child = ::fork();
  EXPECT_OK(child);
  if (child == 0) {
    fill(memory + 20 * kPage, kPage, restored ? 2 : 3);
    ::_exit(0);
  }
  EXPECT_EQ(::waitpid(child, nullptr, 0), child);
  EXPECT(holds(memory + 20 * kPage, kPage, restored ? 2 : 3));
}
