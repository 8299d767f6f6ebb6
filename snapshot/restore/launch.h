// A child process that executes the restorer.
#pragma once

#include <unistd.h>

#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>

#include "snapshot/restore/raw/orders.h"
#include "snapshot/snapshot.h"

namespace fw::restore {

inline constexpr std::size_t kMaxFds = raw::kMaxOrderFds;

// The restorer's command line. Built before the child exists: between clone and
// exec it shares our memory and may only make system calls.
class CommandLine {
 public:
  void add(const char* word) { argv_[count_++] = const_cast<char*>(word); }

  // "word:1:2:3" or "@1"
  template <typename... Numbers>
  void add_order(const char* word, Numbers... numbers) {
    char* out = orders_[order_count_].data();
    char* const start = out;
    char* const end = out + kOrderBytes - 1;
    while (*word != '\0') *out++ = *word++;
    bool first = true;
    const auto put = [&](std::uint64_t number) {
      if (!first) *out++ = ':';
      first = false;
      out = std::to_chars(out, end, number).ptr;
    };
    (put(static_cast<std::uint64_t>(numbers)), ...);
    *out = '\0';
    ++order_count_;
    add(start);
  }
  char* const* argv() const { return argv_.data(); }

 private:
  static constexpr std::size_t kOrderBytes = 64;
  static constexpr std::size_t kMaxWords = 2 * kMaxFds + 8;
  std::array<std::array<char, kOrderBytes>, kMaxWords> orders_;
  std::array<char*, kMaxWords + 1> argv_{};
  std::size_t count_ = 0;
  std::size_t order_count_ = 0;
};

// Descriptors that the restorer needs go to a block right above the image's own.
class FdBlock {
 public:
  explicit FdBlock(int first) : first_(first) {}
  // Where `fd` of the caller will be.
  int add(int fd) {
    sources_[count_] = fd;
    return first_ + static_cast<int>(count_++);
  }
  std::size_t size() const { return count_; }

  // `fd` becomes one of the child's descriptors 0 to 2 before the restorer starts,
  // so that what it has to say goes where the caller expects it.
  void add_standard(int fd, int target) {
    standard_sources_[standard_count_] = fd;
    standard_targets_[standard_count_++] = target;
  }

  // In the child: puts them there, inheritable. 0 or an errno.
  int place() const;

 private:
  int first_;
  std::array<int, 2 * kMaxFds + 1> sources_{};
  std::size_t count_ = 0;
  std::array<int, kMaxFds> standard_sources_{};
  std::array<int, kMaxFds> standard_targets_{};
  std::size_t standard_count_ = 0;
};

struct Launch {
  explicit Launch(int first_fd, const char* restorer_path);

  CommandLine command;
  FdBlock fds;
  const char* restorer;
  bool new_pid_namespace = false;     // the child is pid 1 of one
  bool makes_pid_namespaces = false;  // the child will make some itself
  int parent_death_signal = 0;
};

// Starts it. 0 or a negative errno; then no child is left. Thread-safe.
int launch(const Launch& order, fw_restored* started);

// A hash of this machine's CPU features, for the restorer.
std::uint64_t cpu_of_this_machine();

}  // namespace fw::restore
