#include "tests/guests/guest.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/uio.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <vector>

namespace fw::guest {
namespace {

constexpr time_t kPatienceSeconds = 30;

std::uint8_t pattern(std::size_t at, std::uint32_t seed) {
  const std::uint64_t mixed = (at / 7 + at / kPage + seed + 1) * 0x9e3779b97f4a7c15;
  return static_cast<std::uint8_t>((mixed >> 56) | 1);
}

std::vector<std::string> names_in(const char* folder) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    names.push_back(entry.path().filename());
  }
  return names;
}

time_t monotonic_seconds() {
  timespec now{};
  ::clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec;
}

// What /proc shows of a thread's system call: number and arguments, or "running".
int count_threads(const std::string& words) {
  int found = 0;
  for (const std::string& task : names_in("/proc/self/task")) {
    const std::string folder = "/proc/self/task/" + task;
    const int fd = ::open((folder + "/syscall").c_str(), O_RDONLY | O_CLOEXEC);
    char text[256] = {};
    if (fd >= 0 && ::read(fd, text, sizeof text - 1) > 0 && std::string(text).starts_with(words)) {
      ++found;
    }
    if (fd >= 0) ::close(fd);
  }
  return found;
}

void wait_for_threads(const std::string& words, int threads) {
  const time_t give_up = monotonic_seconds() + kPatienceSeconds;
  while (count_threads(words) < threads) {
    if (monotonic_seconds() > give_up) {
      die(__FILE__, __LINE__,
          std::to_string(threads) + " threads should be blocked in system call " + words);
    }
    ::sched_yield();
  }
}

// False when nobody ordered rounds.
bool go_through_rounds() {
  Rounds rounds{};
  if (::pread(kRoundsFd, &rounds, sizeof rounds, 0) != sizeof rounds) return false;
  const bool last = rounds.done++ == rounds.wanted;
  if (::pwrite(kRoundsFd, &rounds, sizeof rounds, 0) != sizeof rounds) {
    die(__FILE__, __LINE__, "cannot count the rounds");
  }
  const auto reset = [] {
    fw_snapshot_reset();
    die(__FILE__, __LINE__, "nothing was reset");
  };
  if (!last) std::atexit(reset);
  return true;
}

}  // namespace

void die(const char* file, int line, const std::string& what) {
  ::dprintf(2, "%s:%d: %s\n", file, line, what.c_str());
  ::_exit(1);
}

void say(const char* what) { ::dprintf(1, "%s\n", what); }

void skip(const char* why) {
  say(why);
  ::_exit(kSkipped);
}

void meet_other_clones() {
  if (go_through_rounds()) return;
  if (::write(kArrivedFd, "!", 1) != 1) die(__FILE__, __LINE__, "cannot report the arrival");
  pollfd go{kGoFd, POLLIN, 0};
  while (::poll(&go, 1, -1) < 0 && errno == EINTR) {
  }
  ::close(kArrivedFd);
  ::close(kGoFd);
}

bool snapshot(const fw_snapshot_request& request) {
  fw_snapshot_report report;
  const int result = fw_snapshot_here(&request, &report);
  if (result < 0) {
    die(__FILE__, __LINE__,
        "refused with " + std::to_string(result) + ": " + std::string(report.reason));
  }
  if (result == 1) meet_other_clones();
  return result == 1;
}

bool snapshot(const char* image) {
  fw_snapshot_request request{};
  request.image_path = image;
  return snapshot(request);
}

void expect_refused(const char* image, int error, std::initializer_list<std::string_view> words) {
  const auto descriptors = names_in("/proc/self/fd").size();
  const auto threads = names_in("/proc/self/task").size();
  const auto files = names_in(folder_of(image).c_str()).size();
  fw_snapshot_request request{};
  request.image_path = image;
  fw_snapshot_report report;
  EXPECT_EQ(fw_snapshot_here(&request, &report), error);
  const std::string reason = report.reason;
  for (const std::string_view word : words) {
    if (reason.find(word) == std::string::npos) {
      die(__FILE__, __LINE__, "no \"" + std::string(word) + "\" in the reason: " + reason);
    }
  }
  EXPECT_EQ(report.image_bytes, 0);
  EXPECT_EQ(names_in("/proc/self/fd").size(), descriptors);
  EXPECT_EQ(names_in("/proc/self/task").size(), threads);
  EXPECT_EQ(names_in(folder_of(image).c_str()).size(), files);
}

void fill(void* memory, std::size_t size, std::uint32_t seed) {
  auto* bytes = static_cast<std::uint8_t*>(memory);
  for (std::size_t i = 0; i < size; ++i) bytes[i] = pattern(i, seed);
}

bool holds(const void* memory, std::size_t size, std::uint32_t seed) {
  const auto* bytes = static_cast<const std::uint8_t*>(memory);
  for (std::size_t i = 0; i < size; ++i) {
    if (bytes[i] != pattern(i, seed)) return false;
  }
  return true;
}

bool holds_zeros(const void* memory, std::size_t size) {
  const auto* bytes = static_cast<const std::uint8_t*>(memory);
  for (std::size_t i = 0; i < size; ++i) {
    if (bytes[i] != 0) return false;
  }
  return true;
}

char* map_anonymous(std::size_t size, int prot, int more_flags) {
  void* memory = ::mmap(nullptr, size, prot, MAP_PRIVATE | MAP_ANONYMOUS | more_flags, -1, 0);
  if (memory == MAP_FAILED) die(__FILE__, __LINE__, "mmap failed");
  return static_cast<char*>(memory);
}

bool can_read(const void* address) {
  char byte = 0;
  const iovec here{&byte, 1};
  const iovec there{const_cast<void*>(address), 1};
  return ::process_vm_readv(::getpid(), &here, 1, &there, 1, 0) == 1;
}

bool can_write(void* address) {
  char byte = 0;
  const iovec here{&byte, 1};
  const iovec there{address, 1};
  if (::process_vm_readv(::getpid(), &here, 1, &there, 1, 0) != 1) return false;
  return ::process_vm_writev(::getpid(), &here, 1, &there, 1, 0) == 1;
}

void wait_until_blocked(long system_call, int threads) {
  wait_for_threads(std::to_string(system_call) + " ", threads);
}

void wait_until_blocked_on(long system_call, std::uint64_t first_argument) {
  char words[64];
  std::snprintf(words, sizeof words, "%ld 0x%llx ", system_call,
                static_cast<unsigned long long>(first_argument));
  wait_for_threads(words, 1);
}

std::string folder_of(const char* image) {
  return std::filesystem::path(image).parent_path().string();
}

std::string contents(const std::string& path) {
  const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (fd < 0) die(__FILE__, __LINE__, "cannot open " + path);
  std::string all;
  char buffer[4096];
  for (ssize_t n = 0; (n = ::read(fd, buffer, sizeof buffer)) > 0;) {
    all.append(buffer, static_cast<std::size_t>(n));
  }
  ::close(fd);
  return all;
}

std::string field(const std::string& text, std::string_view key) {
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string line = text.substr(at, end - at);
    if (line.starts_with(key) && line.size() > key.size() && line[key.size()] == ':') {
      const std::size_t value = line.find_first_not_of(" \t", key.size() + 1);
      return value == std::string::npos ? "" : line.substr(value);
    }
    at = end + 1;
  }
  return "";
}

}  // namespace fw::guest
