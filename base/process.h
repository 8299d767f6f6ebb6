// Process: owns a child of this process, through its pidfd, so that no pid can
// be mistaken for a stranger's. The destructor kills and reaps it: no orphan and
// no zombie is left, whatever path is taken.
#pragma once

#include <sys/resource.h>
#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "base/unique_fd.h"

namespace fw {

// How a child ended.
struct ExitStatus {
  bool signalled = false;
  int value = 0;  // exit code, or the signal's number
  rusage usage{};

  // "exited with code 3", "was killed by signal 11 (Segmentation fault)"
  std::string describe() const;
};

class Process {
 public:
  Process() = default;
  // Takes over child `pid` and its pidfd.
  Process(pid_t pid, UniqueFd pidfd) : pid_(pid), pidfd_(std::move(pidfd)) {}
  ~Process() { kill_and_reap(); }
  Process(Process&& other) noexcept
      : pid_(std::exchange(other.pid_, -1)), pidfd_(std::move(other.pidfd_)) {}
  Process& operator=(Process&& other) noexcept;
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  pid_t pid() const { return pid_; }
  int pidfd() const { return pidfd_.get(); }
  bool running() const { return pidfd_.valid(); }

  Status send_signal(int signal) const;

  // Waits for the end and reaps. nullopt when `timeout_ns` passed (0: for ever).
  // Fails when it was reaped before.
  Result<std::optional<ExitStatus>> wait(std::uint64_t timeout_ns = 0);

  // SIGKILL, then reap; nothing when already reaped.
  void kill_and_reap();

 private:
  pid_t pid_ = -1;
  UniqueFd pidfd_;
};

}  // namespace fw
