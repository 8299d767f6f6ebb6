// Hundreds of captures and restores leave nothing behind.
#include <doctest/doctest.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include <cerrno>
#include <filesystem>
#include <set>

#include "tests/snapshot/guest_runner.h"

using namespace fw::test;

namespace {

std::set<std::string> names_in(const std::filesystem::path& folder) {
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    names.insert(entry.path().filename());
  }
  return names;
}

}  // namespace

TEST_CASE("500 restores leave no process, no descriptor and no file behind") {
  // Whatever a clone leaves running becomes a child of this process.
  REQUIRE(::prctl(PR_SET_CHILD_SUBREAPER, 1) == 0);
  const std::set<std::string> descriptors = names_in("/proc/self/fd");
  for (const char* name :
       {"many_threads", "memfd_without_descriptor", "forking", "descriptor_numbers", "folders"}) {
    CAPTURE(name);
    for (const Pids pids : {Pids::kKept, Pids::kPatched}) {
      const Guest guest(name);
      REQUIRE(guest.capture(pids));
      const std::set<std::string> files = names_in(guest.folder().path());
      for (int i = 0; i < 10; ++i) guest.restore(pids, {.count = 5});
      CHECK(names_in(guest.folder().path()) == files);
    }
  }
  CHECK(names_in("/proc/self/fd") == descriptors);
  CHECK(::waitpid(-1, nullptr, __WALL) == -1);
  CHECK(errno == ECHILD);
  REQUIRE(::prctl(PR_SET_CHILD_SUBREAPER, 0) == 0);
}
