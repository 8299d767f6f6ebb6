#include "bench/program.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <string_view>

#include "base/clock.h"
#include "base/files.h"
#include "base/process.h"
#include "base/syscalls.h"
#include "store/read.h"

namespace fw::bench {

namespace {

constexpr std::uint64_t kPatienceNs = 60 * kNsPerSecond;
constexpr std::size_t kShownErrors = 2000;  // bytes of standard error in a message
constexpr const char* kPath = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

class FileActions {
 public:
  FileActions() { ::posix_spawn_file_actions_init(&actions_); }
  ~FileActions() { ::posix_spawn_file_actions_destroy(&actions_); }
  FileActions(const FileActions&) = delete;
  FileActions& operator=(const FileActions&) = delete;
  void place(int fd, int target) { ::posix_spawn_file_actions_adddup2(&actions_, fd, target); }
  const posix_spawn_file_actions_t* get() const { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

struct Pipe {
  UniqueFd reader;
  UniqueFd writer;
};

Result<Pipe> create_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return fail_errno("pipe");
  return Pipe{UniqueFd(ends[0]), UniqueFd(ends[1])};
}

std::vector<char*> pointers_to(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  pointers.reserve(texts.size() + 1);
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

// Reads to the end of the pipe; notes when the first line was complete.
Status listen(const UniqueFd& pipe, std::uint64_t started, Finished& finished) {
  std::array<char, 16384> bytes{};
  for (;;) {
    const std::uint64_t passed = monotonic_ns() - started;
    if (passed >= kPatienceNs) return fail(Errc::kTimeout, "it ran for more than a minute");
    pollfd readable{pipe.get(), POLLIN, 0};
    const int n = ::poll(&readable, 1, static_cast<int>((kPatienceNs - passed) / kNsPerMs) + 1);
    if (n < 0 && errno != EINTR) return fail_errno("poll");
    if (n <= 0) continue;
    const ssize_t got = ::read(pipe.get(), bytes.data(), bytes.size());
    if (got < 0) return fail_errno("read its output");
    if (got == 0) break;
    const std::uint64_t now = monotonic_ns();
    finished.output.append(bytes.data(), static_cast<std::size_t>(got));
    if (finished.first_line_ns == 0 && finished.output.find('\n') != std::string::npos) {
      finished.first_line_ns = now - started;
    }
  }
  return {};
}

Error with_errors(Error error, const UniqueFd& errors) {
  std::size_t cut = 0;
  const Result<std::string> text = store::read_head(errors.get(), kShownErrors, cut);
  if (!text || text->empty()) return error;
  return {error.code(), error.message() + "; it wrote:\n" + *text, error.sys_errno()};
}

}  // namespace

Result<Process> start(const Program& program, int out, int err) {
  FW_TRY_ASSIGN(const UniqueFd null, open_file("/dev/null", O_RDONLY));
  FileActions actions;
  actions.place(null.get(), STDIN_FILENO);
  actions.place(out, STDOUT_FILENO);
  actions.place(err, STDERR_FILENO);
  std::vector<std::string> words{program.path.filename().string()};
  words.insert(words.end(), program.arguments.begin(), program.arguments.end());
  std::vector<std::string> variables{kPath};
  variables.insert(variables.end(), program.environment.begin(), program.environment.end());
  pid_t pid = -1;
  const int error = ::posix_spawn(&pid, program.path.c_str(), actions.get(), nullptr,
                                  pointers_to(words).data(), pointers_to(variables).data());
  if (error != 0) return fail(Error::from_errno("start " + program.path.string(), error));
  return Process(pid, UniqueFd(sys::pidfd_open(pid)));
}

std::vector<std::string> environment_here() {
  std::vector<std::string> variables;
  for (char** variable = environ; *variable != nullptr; ++variable) {
    if (!std::string_view(*variable).starts_with("PATH=")) variables.emplace_back(*variable);
  }
  return variables;
}

Result<Finished> run(const Program& program) {
  FW_TRY_ASSIGN(const UniqueFd errors, create_memfd("errors"));
  FW_TRY_ASSIGN(Pipe pipe, create_pipe());

  Finished finished;
  const std::uint64_t started = monotonic_ns();
  FW_TRY_ASSIGN(Process process, start(program, pipe.writer.get(), errors.get()));
  pipe.writer.reset();
  if (Status heard = listen(pipe.reader, started, finished); !heard) {
    return fail(std::move(heard).error().context(program.path.string()));
  }
  FW_TRY_ASSIGN(const std::optional<ExitStatus> ended, process.wait());
  finished.end_ns = monotonic_ns() - started;
  if (ended->signalled || ended->value != 0) {
    return fail(
        with_errors({Errc::kFunction, program.path.string() + " " + ended->describe()}, errors));
  }
  if (finished.first_line_ns == 0) {
    return fail(with_errors({Errc::kFunction, program.path.string() + " printed nothing"}, errors));
  }
  return finished;
}

}  // namespace fw::bench
