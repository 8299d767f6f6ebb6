#include "tests/fwrun/command.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/files.h"
#include "base/syscalls.h"
#include "store/read.h"

namespace fw::testing {

namespace fs = std::filesystem;

namespace {

std::string text_of(const UniqueFd& fd) {
  std::size_t cut = 0;
  return store::read_head(fd.get(), std::size_t{1} << 30, cut).value();
}

void place(const UniqueFd& fd, int target) {
  if (::dup2(fd.get(), target) < 0) ::_exit(126);
}

}  // namespace

nlohmann::json Finished::json() const {
  nlohmann::json value = nlohmann::json::parse(out, nullptr, false);
  REQUIRE_MESSAGE(!value.is_discarded(), "not JSON: " << out << " (" << err << ")");
  return value;
}

Command& Command::env(const std::string& name, const std::string& value) {
  variables_[name] = value;
  return *this;
}

Command& Command::input(const std::string& text) {
  in_ = create_memfd("stdin").value();
  REQUIRE(write_all(in_.get(), text));
  ::lseek(in_.get(), 0, SEEK_SET);
  return *this;
}

Command& Command::folder(const std::string& path) {
  folder_ = path;
  return *this;
}

Command& Command::output_to(const std::string& path) {
  out_ = open_file(path, O_WRONLY).value();
  own_out_ = false;
  return *this;
}

Command& Command::as_nobody() {
  as_nobody_ = true;
  return *this;
}

Command& Command::without_sys_admin() {
  without_sys_admin_ = true;
  return *this;
}

void Command::exec() {
  place(in_, STDIN_FILENO);
  place(out_, STDOUT_FILENO);
  place(err_, STDERR_FILENO);
  if (!folder_.empty() && ::chdir(folder_.c_str()) != 0) ::_exit(126);
  if (without_sys_admin_ && ::prctl(PR_CAPBSET_DROP, CAP_SYS_ADMIN) != 0) ::_exit(126);
  if (as_nobody_ && (::setgid(65534) != 0 || ::setuid(65534) != 0)) ::_exit(126);
  for (const auto& [name, value] : variables_) ::setenv(name.c_str(), value.c_str(), 1);
  const std::string program = FW_BIN_DIR "/fwrun";
  std::vector<char*> words{const_cast<char*>(program.c_str())};
  for (std::string& argument : arguments_) words.push_back(argument.data());
  words.push_back(nullptr);
  ::execv(program.c_str(), words.data());
  ::_exit(126);
}

Command& Command::prepare() {
  if (!in_) in_ = open_file("/dev/null", O_RDONLY).value();
  if (own_out_) out_ = create_memfd("stdout").value();
  err_ = create_memfd("stderr").value();
  return *this;
}

Command& Command::start() {
  prepare();
  const pid_t pid = ::fork();
  REQUIRE(pid >= 0);
  if (pid == 0) exec();
  process_ = Process(pid, UniqueFd(sys::pidfd_open(pid)));
  return *this;
}

Finished Command::wait() {
  const auto ended = process_.wait();
  REQUIRE(ended);
  Finished finished;
  finished.code = (*ended)->signalled ? 128 + (*ended)->value : (*ended)->value;
  if (own_out_) finished.out = text_of(out_);
  finished.err = text_of(err_);
  return finished;
}

Finished Command::run() { return start().wait(); }

Finished fwrun(std::vector<std::string> arguments) { return Command(std::move(arguments)).run(); }

bool have_nobody() {
  if (::geteuid() != 0) {
    MESSAGE("skipped: only root can become another user; this one is an ordinary user already");
    return false;
  }
  const Finished version = Command({"--version"}).as_nobody().run();
  if (version.code == 126) {
    MESSAGE("skipped: other users cannot execute " FW_BIN_DIR "/fwrun");
    return false;
  }
  return true;
}

void adopt_orphans() { REQUIRE(::prctl(PR_SET_CHILD_SUBREAPER, 1) == 0); }

std::vector<std::string> children() {
  while (::waitpid(-1, nullptr, WNOHANG | __WALL) > 0) {
  }
  std::vector<std::string> found;
  for (const auto& task : fs::directory_iterator("/proc/self/task")) {
    std::ifstream in(task.path() / "children");
    for (std::string pid; in >> pid;) {
      std::ifstream name("/proc/" + pid + "/comm");
      std::string comm;
      std::getline(name, comm);
      found.push_back(pid + " " + comm);
    }
  }
  return found;
}

std::size_t open_descriptors() {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : fs::directory_iterator("/proc/self/fd")) ++count;
  return count;
}

}  // namespace fw::testing
