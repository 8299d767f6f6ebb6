// C++ exceptions after a restore: the unwinder reads tables of every library loaded,
// finds them through the dynamic linker, and caches what it found.
#include <dlfcn.h>

#include <stdexcept>
#include <thread>

#include "tests/guests/guest.h"

using namespace fw::guest;

namespace {

struct Counter {
  int* count;
  ~Counter() { ++*count; }
};

[[gnu::noinline]] int throw_deep(int depth, int* destroyed) {
  const Counter counter{destroyed};
  if (depth == 0) throw std::out_of_range("deep");
  return throw_deep(depth - 1, destroyed) + 1;
}

void throw_and_catch() {
  int destroyed = 0;
  bool caught = false;
  try {
    throw_deep(50, &destroyed);
  } catch (const std::logic_error& error) {
    caught = std::string(error.what()) == "deep";
  }
  EXPECT(caught);
  EXPECT_EQ(destroyed, 51);
  // From a function of the library itself.
  try {
    (void)std::string("short").at(100);
    caught = false;
  } catch (const std::out_of_range&) {
  }
  EXPECT(caught);
}

}  // namespace

int main(int, char** argv) {
  throw_and_catch();
  void* plugin = ::dlopen(FW_GUEST_PLUGIN, RTLD_NOW);
  EXPECT(plugin != nullptr);
  const auto throw_from_plugin = reinterpret_cast<void (*)()>(::dlsym(plugin, "plugin_throw"));

  snapshot(argv[1]);

  throw_and_catch();
  std::thread(throw_and_catch).join();
  std::string what;
  try {
    throw_from_plugin();
  } catch (const std::runtime_error& error) {
    what = error.what();
  }
  EXPECT_EQ(what, "from the plugin");
}
