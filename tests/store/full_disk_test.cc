#include <doctest/doctest.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <functional>

#include "tests/store/store_fixture.h"

using namespace fw;
using namespace fw::testing;

namespace {

// Runs `body` in a child with `size` bytes of disk at `folder`. False, having
// said so, where this may not be done.
bool with_small_disk(const std::filesystem::path& folder, const char* options,
                     const std::function<bool()>& body) {
  constexpr int kNotAllowed = 77;
  const pid_t pid = ::fork();
  REQUIRE(pid >= 0);
  if (pid == 0) {
    // A mount namespace of its own: nothing stays mounted, whatever happens.
    if (::unshare(CLONE_NEWNS) != 0 ||
        ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        ::mount("tmpfs", folder.c_str(), "tmpfs", 0, options) != 0) {
      ::_exit(kNotAllowed);
    }
    ::_exit(body() ? 0 : 1);
  }
  int status = -1;
  REQUIRE(::waitpid(pid, &status, 0) == pid);
  if (WIFEXITED(status) && WEXITSTATUS(status) == kNotAllowed) {
    MESSAGE("skipped: mounting a small tmpfs needs root");
    return false;
  }
  CHECK(status == 0);
  return true;
}

}  // namespace

TEST_CASE("A store without room for one more file says so and keeps what it has") {
  const TempFolder temp;
  with_small_disk(temp, "size=1m,nr_inodes=20", [&] {
    const store::Home home(temp.path());
    bool good = home.create().has_value() && install_text(home, "f", "one").has_value();
    // Inodes run out at the latest with the version folders that follow.
    Status installed;
    for (int i = 0; installed && i < 10; ++i) {
      installed = install_text(home, "g" + std::to_string(i), "x");
    }
    good = good && !installed && installed.error().sys_errno() == ENOSPC;
    good = good && installed.error().message().find("No space left") != std::string::npos;
    good = good && current_mark(home, "f") == "one" && std::filesystem::is_empty(home.staging());
    return good && store::remove_function(home, "g0").has_value() &&
           install_text(home, "f", "two").has_value();
  });
}
