// fwrun-bench-floor WHAT COUNT: what starting a process, or waking one, costs at the
// very least here. Measures itself COUNT times and prints nanoseconds, one a line.
//
//   fork   fork, exit, wait, of this program: linked statically and touching few
//          pages, so there is little to copy
//   exec   the same with a new program: vfork, exec of this one, exit, wait
//   handoff  there and back between two processes that sleep on a word of shared
//          memory: what asking a process that waits costs at the very least. Of one
//          CPU, if the caller allows one
#include <spawn.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <new>

#include "base/syscalls.h"

namespace {

using Word = std::atomic<std::uint32_t>;

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

// Shared with the child; on a cache line each, as a slot's word and whatever else.
struct Words {
  alignas(64) Word asked{0};
  alignas(64) Word answered{0};
};

void await(const Word& word, std::uint32_t value) {
  for (;;) {
    const std::uint32_t seen = word.load(std::memory_order_acquire);
    if (seen == value) return;
    fw::sys::futex_wait(&word, seen, 0);
  }
}

void put(Word& word, std::uint32_t value) {
  word.store(value, std::memory_order_release);
  fw::sys::futex_wake(&word, 1);
}

bool measure_handoff(long count) {
  void* memory =
      ::mmap(nullptr, sizeof(Words), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return false;
  auto* words = new (memory) Words;
  const auto rounds = static_cast<std::uint32_t>(kWarmUp + count);
  const pid_t pid = ::fork();
  if (pid < 0) return false;
  if (pid == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    for (std::uint32_t round = 1; round <= rounds; ++round) {
      await(words->asked, round);
      put(words->answered, round);
    }
    ::_exit(0);
  }
  for (std::uint32_t round = 1; round <= rounds; ++round) {
    const std::uint64_t start = now_ns();
    put(words->asked, round);
    await(words->answered, round);
    if (round > kWarmUp) samples[round - kWarmUp - 1] = now_ns() - start;
  }
  int status = 0;
  return ::waitpid(pid, &status, 0) == pid && status == 0;
}

bool measure_starts(bool forks, char* self, long count) {
  for (long i = -kWarmUp; i < count; ++i) {
    const std::uint64_t start = now_ns();
    const pid_t pid = forks ? start_fork() : start_exec(self);
    int status = 0;
    if (pid < 0 || ::waitpid(pid, &status, 0) != pid || status != 0) return false;
    if (i >= 0) samples[i] = now_ns() - start;
  }
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc == 2 && std::strcmp(argv[1], "exit") == 0) ::_exit(0);
  const bool forks = argc == 3 && std::strcmp(argv[1], "fork") == 0;
  const bool execs = argc == 3 && std::strcmp(argv[1], "exec") == 0;
  const bool hands_over = argc == 3 && std::strcmp(argv[1], "handoff") == 0;
  const long count = argc == 3 ? std::strtol(argv[2], nullptr, 10) : 0;
  if ((!forks && !execs && !hands_over) || count < 1 || count > kMostSamples) {
    std::fprintf(stderr, "usage: fwrun-bench-floor fork|exec|handoff COUNT (up to %ld)\n",
                 kMostSamples);
    return 2;
  }
  if (!(hands_over ? measure_handoff(count) : measure_starts(forks, argv[0], count))) {
    std::perror("fwrun-bench-floor: a child could not be started");
    return 1;
  }
  for (long i = 0; i < count; ++i) {
    std::printf("%llu\n", static_cast<unsigned long long>(samples[i]));
  }
  return 0;
}
