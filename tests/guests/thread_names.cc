// Names of threads, which debuggers and ps show; the kernel keeps them.
#include <sys/prctl.h>

#include <atomic>
#include <filesystem>
#include <semaphore>
#include <thread>

#include "tests/guests/guest.h"

using namespace fw::guest;

namespace {

bool is_shown(const char* name) {
  for (const auto& task : std::filesystem::directory_iterator("/proc/self/task")) {
    if (contents(task.path().string() + "/comm") == name) return true;
  }
  return false;
}

}  // namespace

int main(int, char** argv) {
  std::binary_semaphore go{0};
  std::atomic<bool> named{false};
  std::thread worker([&] {
    EXPECT_EQ(::prctl(PR_SET_NAME, "a worker here"), 0);
    named = true;
    go.acquire();
    char name[16];
    EXPECT_EQ(::prctl(PR_GET_NAME, name), 0);
    EXPECT_EQ(std::string(name), "a worker here");
  });
  EXPECT_EQ(::prctl(PR_SET_NAME, "fifteen letters"), 0);
  while (!named) std::this_thread::yield();

  snapshot(argv[1]);

  char name[16];
  EXPECT_EQ(::prctl(PR_GET_NAME, name), 0);
  EXPECT_EQ(std::string(name), "fifteen letters");
  EXPECT_EQ(contents("/proc/self/comm"), "fifteen letters\n");
  // As others see it. (pthread_getname_np() would look for the tid in a /proc that may
  // be another namespace's.)
  // A restored thread names itself as soon as it runs.
  while (!is_shown("a worker here\n")) std::this_thread::yield();
  go.release();
  worker.join();
}
