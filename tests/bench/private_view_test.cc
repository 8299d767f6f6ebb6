#include "bench/private_view.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tests/child.h"

using namespace fw;
namespace fs = std::filesystem;

TEST_CASE("In a private view, /dev/shm is empty and what is put there is seen by nobody else") {
  const fs::path file = "/dev/shm/fwrun-test-" + std::to_string(::getpid());
  const ExitStatus ended = test::run_child([&] {
    if (const Status entered = bench::enter_private_view(); !entered) {
      return ::geteuid() == 0 ? 1 : 77;
    }
    if (!fs::is_empty("/dev/shm")) return 2;
    std::ofstream(file) << "text";
    return fs::exists(file) ? 0 : 3;
  });
  CHECK_FALSE(fs::exists(file));
  if (ended.value == 77) {
    MESSAGE("skipped: only root may have a private view");
    return;
  }
  CHECK(ended.value == 0);
}
