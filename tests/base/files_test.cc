#include "base/files.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <thread>
#include <vector>

#include "tests/child.h"
#include "tests/scratch_folder.h"

namespace {

namespace fs = std::filesystem;
using fw::test::ScratchFolder;

TEST_CASE("a file is read whole, also when it is empty or longer than a chunk") {
  const ScratchFolder folder;
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{1}, std::size_t{64 * 1024}, std::size_t{300 * 1000}}) {
    std::string content(size, '\0');
    for (std::size_t i = 0; i < size; ++i) content[i] = static_cast<char>(i * 31);
    REQUIRE(fw::write_file_atomically(folder / "f", content));
    CHECK(*fw::read_file(folder / "f") == content);
  }
}

TEST_CASE("a file of /proc, whose size is said to be 0, is read whole") {
  CHECK(fw::read_file("/proc/self/status")->starts_with("Name:"));
}

TEST_CASE("a file over the limit is refused and named, one at the limit is read") {
  const ScratchFolder folder;
  REQUIRE(fw::write_file_atomically(folder / "f", "12345"));
  CHECK(*fw::read_file(folder / "f", 5) == "12345");
  const auto refused = fw::read_file(folder / "f", 4);
  REQUIRE(!refused);
  CHECK(refused.error().code() == fw::Errc::kBadInput);
  CHECK(refused.error().message() ==
        (folder / "f").string() + " is larger than the 4 bytes allowed");
}

TEST_CASE("a missing file and a folder are errors that name the path") {
  const ScratchFolder folder;
  const auto missing = fw::read_file(folder / "none");
  CHECK(missing.error().sys_errno() == ENOENT);
  CHECK(missing.error().message().find((folder / "none").string()) != std::string::npos);
  const auto is_folder = fw::read_file(folder.path());
  CHECK(is_folder.error().sys_errno() == EISDIR);
  CHECK(is_folder.error().message().find(folder.path().string()) != std::string::npos);
}

TEST_CASE("an opened file is closed on exec") {
  const fw::UniqueFd fd = *fw::open_file("/dev/null", O_RDONLY);
  CHECK((::fcntl(fd.get(), F_GETFD) & FD_CLOEXEC) != 0);
}

TEST_CASE("write_all writes everything into a pipe that takes it in pieces") {
  int ends[2];
  REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
  fw::UniqueFd reader(ends[0]);
  fw::UniqueFd writer(ends[1]);
  const std::string sent(1 << 20, 'x');  // 16 times what a pipe holds
  std::string received;
  std::thread reading([&] {
    char buffer[4096];
    for (ssize_t n = 0; (n = ::read(reader.get(), buffer, sizeof buffer)) > 0;) {
      received.append(buffer, static_cast<std::size_t>(n));
    }
  });
  const fw::Status written = fw::write_all(writer.get(), sent);
  writer.reset();
  reading.join();
  CHECK(written.has_value());
  CHECK(received == sent);
}

TEST_CASE("write_all says that the device is full") {
  const fw::UniqueFd full = *fw::open_file("/dev/full", O_WRONLY);
  CHECK(fw::write_all(full.get(), "x").error().sys_errno() == ENOSPC);
}

TEST_CASE("an atomic write replaces the content, takes the mode and leaves nothing beside") {
  const ScratchFolder folder;
  const mode_t before = ::umask(022);
  REQUIRE(fw::write_file_atomically(folder / "f", "old", 0644));
  REQUIRE(fw::write_file_atomically(folder / "f", "new", 0600));
  ::umask(before);
  CHECK(*fw::read_file(folder / "f") == "new");
  CHECK((fs::status(folder / "f").permissions() & fs::perms::mask) ==
        (fs::perms::owner_read | fs::perms::owner_write));
  CHECK(folder.entries() == 1);
}

TEST_CASE("an atomic write into a folder that does not exist names the file") {
  const ScratchFolder folder;
  const fw::Status failed = fw::write_file_atomically(folder / "none" / "f", "x");
  CHECK(failed.error().sys_errno() == ENOENT);
  CHECK(failed.error().message().find((folder / "none").string()) != std::string::npos);
}

TEST_CASE("an atomic write onto a folder fails and leaves nothing") {
  const ScratchFolder folder;
  fs::create_directory(folder / "taken");
  CHECK(fw::write_file_atomically(folder / "taken", "x").error().sys_errno() == EISDIR);
  CHECK(folder.entries() == 1);
}

TEST_CASE("an atomic write that is cut short by a file size limit leaves the old file") {
  const ScratchFolder folder;
  REQUIRE(fw::write_file_atomically(folder / "f", "old"));
  const fw::ExitStatus ended = fw::test::run_child([&] {
    ::signal(SIGXFSZ, SIG_IGN);
    const rlimit limit{4096, 4096};
    ::setrlimit(RLIMIT_FSIZE, &limit);
    const fw::Status failed = fw::write_file_atomically(folder / "f", std::string(8192, 'x'));
    return !failed && failed.error().sys_errno() == EFBIG ? 0 : 1;
  });
  CHECK(ended.describe() == "exited with code 0");
  CHECK(*fw::read_file(folder / "f") == "old");
  CHECK(folder.entries() == 1);
}

bool put(const char* path, const std::string& text) {
  const auto fd = fw::open_file(path, O_WRONLY);
  return fd && fw::write_all(fd->get(), text);
}

// Makes the calling process root of a mount namespace of its own, by way of a
// user namespace where it is not root already.
bool own_mounts() {
  const std::string uid = std::to_string(::geteuid());
  const std::string gid = std::to_string(::getegid());
  if (uid == "0") {
    if (::unshare(CLONE_NEWNS) != 0) return false;
  } else if (::unshare(CLONE_NEWNS | CLONE_NEWUSER) != 0 || !put("/proc/self/setgroups", "deny") ||
             !put("/proc/self/uid_map", "0 " + uid + " 1") ||
             !put("/proc/self/gid_map", "0 " + gid + " 1")) {
    return false;
  }
  return ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
}

// In a child: a file system of 64 KiB, seen by it alone and gone with it.
constexpr int kCannotMount = 2;
int overfill(const ScratchFolder& folder) {
  if (!own_mounts() || ::mount("tmpfs", folder.path().c_str(), "tmpfs", 0, "size=64k") != 0) {
    return kCannotMount;
  }
  if (!fw::write_file_atomically(folder / "f", "old")) return 3;
  const fw::Status failed = fw::write_file_atomically(folder / "f", std::string(128 * 1024, 'x'));
  if (failed || failed.error().sys_errno() != ENOSPC) return 4;
  if (failed.error().message().find(folder.path().string()) == std::string::npos) return 5;
  if (*fw::read_file(folder / "f") != "old" || folder.entries() != 1) return 6;
  // The space is free again: what was half written is gone.
  return fw::write_file_atomically(folder / "f", std::string(32 * 1024, 'y')) ? 0 : 7;
}

TEST_CASE("an atomic write on a full disk fails, keeps the old file and frees the space") {
  const ScratchFolder folder;
  const fw::ExitStatus ended = fw::test::run_child([&] { return overfill(folder); });
  if (ended.value == kCannotMount) {
    MESSAGE("skipped: no user namespace may be made here, so no small file system mounted");
    return;
  }
  CHECK(ended.describe() == "exited with code 0");
}

TEST_CASE("concurrent atomic writes of one file each succeed and are never mixed") {
  const ScratchFolder folder;
  const fs::path path = folder / "f";
  REQUIRE(fw::write_file_atomically(path, std::string(5000, 'a')));
  std::atomic<int> failures{0};
  std::atomic<int> running{0};
  std::vector<std::thread> writers;
  for (const char letter : {'a', 'b', 'c'}) {
    ++running;
    writers.emplace_back([&, letter] {
      for (int i = 0; i < 20; ++i) {
        if (!fw::write_file_atomically(path, std::string(5000, letter))) ++failures;
      }
      --running;
    });
  }
  int torn = 0;
  do {
    const std::string seen = *fw::read_file(path);
    if (seen != std::string(5000, seen.empty() ? 'a' : seen[0])) ++torn;
  } while (running != 0);
  for (std::thread& writer : writers) writer.join();
  CHECK(failures == 0);
  CHECK(torn == 0);
  CHECK(folder.entries() == 1);
}

TEST_CASE("sync_folder works on a folder and says when there is none") {
  const ScratchFolder folder;
  CHECK(fw::sync_folder(folder.path()).has_value());
  CHECK(fw::sync_folder(folder / "none").error().sys_errno() == ENOENT);
}

TEST_CASE("a memfd is empty, can be sealed and then refuses writes") {
  const fw::UniqueFd memfd = *fw::create_memfd("files-test");
  struct stat info {};
  REQUIRE(::fstat(memfd.get(), &info) == 0);
  CHECK(info.st_size == 0);
  CHECK((::fcntl(memfd.get(), F_GETFD) & FD_CLOEXEC) != 0);
  REQUIRE(fw::write_all(memfd.get(), "payload"));
  REQUIRE(::fcntl(memfd.get(), F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW) == 0);
  CHECK(fw::write_all(memfd.get(), "more").error().sys_errno() == EPERM);
}

TEST_CASE("a memfd with a name that is too long is an error that shows it") {
  const std::string name(300, 'n');
  const auto refused = fw::create_memfd(name.c_str());
  CHECK(refused.error().sys_errno() == EINVAL);
  CHECK(refused.error().message().find(name) != std::string::npos);
}

}  // namespace
