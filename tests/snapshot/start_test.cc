// fw_restore_start() and its errors.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "base/files.h"
#include "tests/child.h"
#include "tests/snapshot/guest_runner.h"

using namespace fw;
using namespace fw::test;

namespace {

std::size_t open_descriptors() {
  std::size_t n = 0;
  for ([[maybe_unused]] const auto& fd : std::filesystem::directory_iterator("/proc/self/fd")) ++n;
  return n;
}

}  // namespace

TEST_CASE("The first free descriptor of what is no image is an error") {
  CHECK(fw_restore_first_free_fd(-1) == -EBADF);
  Result<UniqueFd> file = create_memfd("no image");
  REQUIRE(file.has_value());
  CHECK(fw_restore_first_free_fd(file->get()) == -ENOEXEC);
  REQUIRE(write_all(file->get(), std::string(10'000, 'x')).has_value());
  CHECK(fw_restore_first_free_fd(file->get()) == -ENOEXEC);
}

TEST_CASE("What is no image is refused by the child, in its words") {
  const ScratchFolder folder;
  REQUIRE(write_file_atomically(folder / "file", "no image").has_value());
  const Outcome outcome = finish(start_clone(folder / "file", Pids::kPatched));
  CHECK(outcome.exited_with(FW_RESTORE_EXIT_REFUSED));
  CHECK(outcome.output.find("too short to be an image") != std::string::npos);
}

TEST_CASE("A start that fails leaves no child and no descriptor") {
  const Guest guest("program_data");
  REQUIRE(guest.capture(Pids::kPatched));
  Result<UniqueFd> image = open_file(guest.image(), O_RDONLY);
  REQUIRE(image.has_value());
  const std::size_t before = open_descriptors();
  fw_restored restored{};
  fw_restore_request request{};
  request.image_fd = image->get();
  request.pid_mode = FW_RESTORE_PID_PATCHED;

  request.restorer_path = "/nonexistent/restorer";
  CHECK(fw_restore_start(&request, &restored) == -ENOENT);
  CHECK(restored.pid == -1);
  request.restorer_path = nullptr;

  const fw_restore_fd closed{987, 20};
  request.fds = &closed;
  request.fd_count = 1;
  CHECK(fw_restore_start(&request, &restored) == -EBADF);

  std::vector<fw_restore_fd> many(17, {0, 0});
  request.fds = many.data();
  request.fd_count = many.size();
  CHECK(fw_restore_start(&request, &restored) == -E2BIG);

  CHECK(open_descriptors() == before);
  CHECK(::waitpid(-1, nullptr, WNOHANG) == -1);
  CHECK(errno == ECHILD);
}

TEST_CASE("Who is not root captures and restores in user namespaces") {
  if (::geteuid() != 0) {
    // All other test cases have shown it.
    MESSAGE("skipped: not root, so every other test case runs this way");
    return;
  }
  const ScratchFolder folder;
  REQUIRE(::chmod(folder.path().c_str(), 0777) == 0);
  constexpr int kNotAllowed = 77;
  const ExitStatus ended = run_child([&] {
    constexpr uid_t kNobody = 65534;
    if (::setresgid(kNobody, kNobody, kNobody) != 0 || ::setresuid(kNobody, kNobody, kNobody) != 0)
      return 1;
    // Who changed its ids owns nothing of its own /proc folder until it says this.
    if (::prctl(PR_SET_DUMPABLE, 1) != 0) return 1;
    if (::access(FW_TEST_DIR "/guests/ids", X_OK) != 0) return kNotAllowed;
    if (const pid_t probe = ::fork(); probe == 0) {
      ::_exit(::unshare(CLONE_NEWUSER | CLONE_NEWPID) == 0 ? 0 : 1);
    } else {
      int status = 1;
      if (::waitpid(probe, &status, 0) != probe || status != 0) return kNotAllowed;
    }
    ::setenv("TMPDIR", folder.path().c_str(), 1);
    for (const char* name : {"ids", "many_threads", "pipe_half_closed", "own_signals"}) {
      const Guest guest(name);
      const Outcome captured = guest.run(Pids::kKept);
      if (!captured.exited_with(0)) {
        ::dprintf(2, "%s: %s\n", name, captured.output.c_str());
        return 2;
      }
      for (const Way way : {Way::kFromFile, Way::kIntoZygote, Way::kForked}) {
        const std::string wrong = guest.try_restore(Pids::kKept, {.way = way});
        if (wrong.empty()) continue;
        ::dprintf(2, "%s: %s\n", name, wrong.c_str());
        return 3;
      }
    }
    return 0;
  });
  if (ended.value == kNotAllowed) {
    MESSAGE("skipped: no user namespaces here for who is not root, or no access to the build");
    return;
  }
  CHECK(ended.describe() == "exited with code 0");
}
