#include "store/install/host_process.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <functional>
#include <sstream>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/syscalls.h"
#include "store/read.h"
#include "tests/store/temp_folder.h"

using namespace fw;
using fw::testing::TempFolder;

namespace {

struct Files {
  UniqueFd job = *create_memfd("job");
  UniqueFd slot = *create_memfd("slot");
  UniqueFd output = *create_memfd("output");
};

store::HostStart start_of(const Files& files, const std::filesystem::path& folder) {
  return {FW_DESCRIBE_SELF, folder,           {{"A", "1"}, {"B", "x=y"}},
          files.job.get(),  files.slot.get(), files.output.get()};
}

std::vector<std::string> lines_of(const UniqueFd& fd) {
  std::size_t cut = 0;
  std::istringstream in(*store::read_head(fd.get(), 1 << 20, cut));
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

// Becomes another user in a child and runs `body` there.
bool as_nobody(const std::function<bool()>& body) {
  const pid_t pid = ::fork();
  REQUIRE(pid >= 0);
  if (pid == 0) {
    if (::setgid(65534) != 0 || ::setuid(65534) != 0) ::_exit(2);
    // As after exec(), which a program started by that user would have gone through.
    ::prctl(PR_SET_DUMPABLE, 1);
    ::_exit(body() ? 0 : 1);
  }
  int status = -1;
  REQUIRE(::waitpid(pid, &status, 0) == pid);
  return status == 0;
}

}  // namespace

TEST_CASE("A host is pid 1 of its namespace and has exactly what it was given") {
  const TempFolder temp;
  const Files files;
  Result<Process> host = store::start_host(start_of(files, temp));
  REQUIRE_MESSAGE(host, host.error().message());
  const auto ended = host->wait();
  REQUIRE(ended);
  CHECK((*ended)->value == 7);
  CHECK(lines_of(files.output) ==
        std::vector<std::string>{"argument --job", "argument 3", "argument --slot", "argument 4",
                                 "environment A=1", "environment B=x=y", "pid 1", "session 1",
                                 "uid 0", "folder " + temp.path().string(), "descriptor 0",
                                 "descriptor 1", "descriptor 2", "descriptor 3", "descriptor 4"});
}

TEST_CASE("Without root a host starts in a user namespace, as root of it") {
  if (::geteuid() != 0) {
    MESSAGE("skipped: runs as another user already, in every other test");
    return;
  }
  if (!as_nobody([] { return ::access(FW_DESCRIBE_SELF, X_OK) == 0; })) {
    MESSAGE("skipped: other users cannot execute " FW_DESCRIBE_SELF);
    return;
  }
  const Files files;
  CHECK(as_nobody([&] {
    Result<Process> host = store::start_host(start_of(files, "/"));
    return host && host->wait().has_value();
  }));
  const std::vector<std::string> lines = lines_of(files.output);
  CHECK(std::find(lines.begin(), lines.end(), "pid 1") != lines.end());
  CHECK(std::find(lines.begin(), lines.end(), "uid 0") != lines.end());
}

TEST_CASE("What keeps a host from starting is said, step by step") {
  const TempFolder temp;
  const Files files;
  store::HostStart start = start_of(files, temp);
  start.folder = temp / "none";
  CHECK(store::start_host(start).error().message().find(
            "enter the function's folder: No such file or directory") != std::string::npos);
  start = start_of(files, temp);
  start.executable = temp / "none";
  CHECK(store::start_host(start).error().message().find("execute: No such file or directory") !=
        std::string::npos);
  start = start_of(files, temp);
  start.job_fd = 9999;
  CHECK(store::start_host(start).error().message().find(
            "arrange descriptors: Bad file descriptor") != std::string::npos);
}

TEST_CASE("A host dies with the process that started it") {
  const TempFolder temp;
  const Files files;
  std::array<int, 2> pids{};
  REQUIRE(::pipe2(pids.data(), O_CLOEXEC) == 0);
  const pid_t parent = ::fork();
  REQUIRE(parent >= 0);
  if (parent == 0) {
    store::HostStart start = start_of(files, temp);
    start.environment["FWRUN_TEST_HANG"] = "1";
    Result<Process> host = store::start_host(start);
    const pid_t pid = host ? host->pid() : -1;
    (void)!::write(pids[1], &pid, sizeof pid);
    for (;;) ::pause();
  }
  pid_t pid = -1;
  REQUIRE(::read(pids[0], &pid, sizeof pid) == sizeof pid);
  REQUIRE(pid > 0);
  const UniqueFd host(sys::pidfd_open(pid));
  REQUIRE(host);
  ::kill(parent, SIGKILL);
  REQUIRE(::waitpid(parent, nullptr, 0) == parent);
  pollfd ended{host.get(), POLLIN, 0};
  CHECK(::poll(&ended, 1, 30'000) == 1);
  ::close(pids[0]);
  ::close(pids[1]);
}
