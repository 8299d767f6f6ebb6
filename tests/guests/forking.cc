// fork() after a restore, from the main thread and another, with and without threads;
// children have a copy of the memory, their own ids, and are waited for.
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <thread>

#include "tests/guests/guest.h"

using namespace fw::guest;

namespace {

char* memory = nullptr;
constexpr std::size_t kSize = 100 * kPage;

void fork_and_check(std::uint32_t seed) {
  int ends[2];
  EXPECT_OK(::pipe(ends));
  const pid_t parent = ::getpid();
  const pid_t child = ::fork();
  EXPECT_OK(child);
  if (child == 0) {
    EXPECT(holds(memory, kSize, 1));
    EXPECT(::getpid() != parent);
    EXPECT_EQ(::getppid(), parent);
    EXPECT_EQ(::gettid(), ::getpid());
    std::thread([] { EXPECT(holds(memory, kSize, 1)); }).join();
    fill(memory, kSize, seed);
    EXPECT_EQ(::write(ends[1], &seed, sizeof seed), static_cast<ssize_t>(sizeof seed));
    const pid_t grandchild = ::fork();
    if (grandchild == 0) ::_exit(holds(memory, kSize, seed) ? 11 : 1);
    int status = 0;
    EXPECT_EQ(::waitpid(grandchild, &status, 0), grandchild);
    ::_exit(WEXITSTATUS(status));
  }
  std::uint32_t received = 0;
  EXPECT_EQ(::read(ends[0], &received, sizeof received), static_cast<ssize_t>(sizeof received));
  EXPECT_EQ(received, seed);
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  EXPECT(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 11);
  EXPECT(holds(memory, kSize, 1));
  ::close(ends[0]);
  ::close(ends[1]);
}

}  // namespace

int main(int, char** argv) {
  memory = map_anonymous(kSize, PROT_READ | PROT_WRITE);
  fill(memory, kSize, 1);

  snapshot(argv[1]);

  for (std::uint32_t seed = 2; seed < 5; ++seed) fork_and_check(seed);
  std::thread(fork_and_check, 6).join();
  // A child that is killed.
  const pid_t child = ::fork();
  if (child == 0) {
    for (;;) ::pause();
  }
  EXPECT_OK(::kill(child, SIGKILL));
  int status = 0;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  EXPECT(WIFSIGNALED(status));
  EXPECT_EQ(::waitpid(-1, nullptr, 0), -1);
  EXPECT_EQ(errno, ECHILD);
}
