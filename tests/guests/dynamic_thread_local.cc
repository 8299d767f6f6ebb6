// Thread local variables of a library loaded at run time: glibc makes their blocks
// lazily for each thread, and finds them through a table in the thread.
#include <dlfcn.h>

#include <atomic>
#include <semaphore>
#include <thread>

#include "tests/guests/guest.h"

using namespace fw::guest;

int main(int, char** argv) {
  void* plugin = ::dlopen(FW_GUEST_PLUGIN, RTLD_NOW);
  EXPECT(plugin != nullptr);
  const auto variable = reinterpret_cast<int* (*)()>(::dlsym(plugin, "plugin_thread_local"));
  EXPECT(variable != nullptr);
  *variable() = 1;
  std::binary_semaphore go{0};
  std::atomic<int> ready{0};
  const auto wait_and_check = [&](bool touch, int expected) {
    if (touch) *variable() = expected;
    ++ready;
    go.acquire();
    EXPECT_EQ(*variable(), expected);
    go.release();
  };
  std::thread with_block(wait_and_check, true, 2);
  std::thread without_block(wait_and_check, false, 1000);
  while (ready < 2) std::this_thread::yield();

  snapshot(argv[1]);

  EXPECT_EQ(*variable(), 1);
  go.release();
  with_block.join();
  without_block.join();
  std::thread fresh([&] { EXPECT_EQ(*variable(), 1000); });
  fresh.join();
  EXPECT_EQ(::dlclose(plugin), 0);
}
