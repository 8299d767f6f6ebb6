// fwrun-bench-floor WHAT COUNT: what starting a process costs at the very least
// here. Measures itself COUNT times and prints nanoseconds, one a line.
//
//   fork   fork, exit, wait, of this program: linked statically and touching few
//          pages, so there is little to copy
//   exec   the same with a new program: vfork, exec of this one, exit, wait
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>

namespace {

constexpr long kMostSamples = 100'000;
constexpr long kWarmUp = 20;  // not counted
std::uint64_t samples[kMostSamples];

std::uint64_t now_ns() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000 +
         static_cast<std::uint64_t>(now.tv_nsec);
}

pid_t start_fork() {
  const pid_t pid = ::fork();
  if (pid == 0) ::_exit(0);
  return pid;
}

pid_t start_exec(char* self) {
  char exit_word[] = "exit";
  char* const words[] = {self, exit_word, nullptr};
  char* const environment[] = {nullptr};
  pid_t pid = -1;
  if (::posix_spawn(&pid, "/proc/self/exe", nullptr, nullptr, words, environment) != 0) return -1;
  return pid;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 2 && std::strcmp(argv[1], "exit") == 0) ::_exit(0);
  const bool forks = argc == 3 && std::strcmp(argv[1], "fork") == 0;
  const bool execs = argc == 3 && std::strcmp(argv[1], "exec") == 0;
  const long count = argc == 3 ? std::strtol(argv[2], nullptr, 10) : 0;
  if ((!forks && !execs) || count < 1 || count > kMostSamples) {
    std::fprintf(stderr, "usage: fwrun-bench-floor fork|exec COUNT (up to %ld)\n", kMostSamples);
    return 2;
  }
  for (long i = -kWarmUp; i < count; ++i) {
    const std::uint64_t start = now_ns();
    const pid_t pid = forks ? start_fork() : start_exec(argv[0]);
    int status = 0;
    if (pid < 0 || ::waitpid(pid, &status, 0) != pid || status != 0) {
      std::perror("fwrun-bench-floor: a child could not be started");
      return 1;
    }
    if (i >= 0) samples[i] = now_ns() - start;
  }
  for (long i = 0; i < count; ++i) {
    std::printf("%llu\n", static_cast<unsigned long long>(samples[i]));
  }
  return 0;
}
