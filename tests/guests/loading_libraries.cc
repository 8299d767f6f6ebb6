// dlopen() after a restore: the dynamic linker's lists, the debugger's hook and the
// thread local storage of the new library go on from what was restored.
#include <dlfcn.h>

#include <thread>

#include "tests/guests/guest.h"

using namespace fw::guest;

int main(int, char** argv) {
  snapshot(argv[1]);

  for (int round = 0; round < 2; ++round) {
    void* plugin = ::dlopen(FW_GUEST_PLUGIN, RTLD_NOW | RTLD_LOCAL);
    EXPECT(plugin != nullptr);
    const auto add = reinterpret_cast<int (*)(int, int)>(::dlsym(plugin, "plugin_add"));
    const auto variable = reinterpret_cast<int* (*)()>(::dlsym(plugin, "plugin_thread_local"));
    EXPECT_EQ(add(40, 2), 42);
    *variable() = 5;
    std::thread([&] { EXPECT_EQ(*variable(), 1000); }).join();
    EXPECT_EQ(*variable(), 5);
    EXPECT_EQ(::dlclose(plugin), 0);
  }
  void* mathematics = ::dlopen("libm.so.6", RTLD_NOW);
  EXPECT(mathematics != nullptr);
  const auto cosine = reinterpret_cast<double (*)(double)>(::dlsym(mathematics, "cos"));
  EXPECT_EQ(cosine(0.0), 1.0);
  EXPECT(::dlopen("/nonexistent.so", RTLD_NOW) == nullptr);
  EXPECT(::dlerror() != nullptr);
}
