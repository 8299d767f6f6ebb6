#include "bench/serving/soak/killer.h"

#include <csignal>
#include <string>
#include <vector>

#include "base/files.h"
#include "base/syscalls.h"
#include "base/unique_fd.h"
#include "bench/endurance/leftovers.h"

namespace fw::bench {

namespace {

bool is_clone(pid_t pid) {
  const Result<std::string> maps = read_file("/proc/" + std::to_string(pid) + "/maps");
  return maps && maps->find("/memfd:fwrun-slot") != std::string::npos;
}

}  // namespace

Status Killer::kill_one() {
  FW_TRY_ASSIGN(std::vector<pid_t> children, children_of(daemon_));
  while (!children.empty()) {
    const std::size_t at = random_() % children.size();
    const pid_t pid = children[at];
    children.erase(children.begin() + static_cast<std::ptrdiff_t>(at));
    // Held first, looked at then: the number cannot be somebody else's meanwhile.
    const UniqueFd pidfd(sys::pidfd_open(pid));
    if (!pidfd || !is_clone(pid)) continue;
    if (sys::pidfd_send_signal(pidfd.get(), SIGKILL) == 0) ++killed_;
    break;
  }
  return {};
}

}  // namespace fw::bench
