#include "bench/endurance/leftovers.h"

#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <string_view>
#include <system_error>

#include "base/files.h"

namespace fw::bench {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kBlockBytes = 512;  // of st_blocks

bool is_memfd(const fs::path& link) {
  std::error_code error;
  return fs::read_symlink(link, error).string().starts_with("/memfd:");
}

std::uint64_t allocated_bytes(const fs::path& file) {
  struct stat status {};
  return ::stat(file.c_str(), &status) == 0
             ? static_cast<std::uint64_t>(status.st_blocks) * kBlockBytes
             : 0;
}

std::uint64_t allocated_below(const fs::path& folder) {
  std::uint64_t bytes = 0;
  std::error_code error;
  for (const auto& entry : fs::recursive_directory_iterator(
           folder, fs::directory_options::skip_permission_denied, error)) {
    if (entry.is_regular_file(error)) bytes += allocated_bytes(entry.path());
  }
  return bytes;
}

// The descriptors, those to memfds adding to the memory.
Status count_descriptors(const fs::path& proc, Leftovers& leftovers) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(proc / "fd", error)) {
    ++leftovers.descriptors;
    if (is_memfd(entry.path())) leftovers.shared_memory += allocated_bytes(entry.path());
  }
  if (error) return fail(Error::from_errno("read " + (proc / "fd").string(), error.value()));
  return {};
}

// A mapping holds a memfd's memory when no descriptor does any more.
Status count_mapped_memfds(const fs::path& proc, Leftovers& leftovers) {
  FW_TRY_ASSIGN(const std::string maps, read_file(proc / "maps"));
  std::string_view rest = maps;
  while (!rest.empty()) {
    const std::string line(rest.substr(0, rest.find('\n')));
    unsigned long long from = 0;
    unsigned long long to = 0;
    if (line.find(" /memfd:") != std::string::npos &&
        std::sscanf(line.c_str(), "%llx-%llx", &from, &to) == 2) {
      leftovers.shared_memory += to - from;
    }
    rest.remove_prefix(std::min(line.size() + 1, rest.size()));
  }
  return {};
}

// "pid (name) state ppid ...", where the name may hold anything.
long parent_of(const std::string& stat) {
  const std::size_t name_end = stat.rfind(')');
  long parent = 0;
  char state = 0;
  if (name_end == std::string::npos ||
      std::sscanf(stat.c_str() + name_end + 1, " %c %ld", &state, &parent) != 2) {
    return 0;
  }
  return parent;
}

// Lines of /proc/sysvipc/shm: key, id, permissions, size ...
std::uint64_t sysv_bytes() {
  const std::string text = read_file("/proc/sysvipc/shm").value_or(std::string());
  std::uint64_t bytes = 0;
  std::size_t at = text.find('\n');
  while (at != std::string::npos) {
    unsigned long long size = 0;
    if (std::sscanf(text.c_str() + at, "%*d %*d %*o %llu", &size) == 1) bytes += size;
    at = text.find('\n', at + 1);
  }
  return bytes;
}

}  // namespace

Status adopt_orphans() {
  if (::prctl(PR_SET_CHILD_SUBREAPER, 1) != 0) return fail_errno("become the reaper of orphans");
  return {};
}

Result<std::vector<pid_t>> children_of(pid_t pid) {
  std::vector<pid_t> children;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator("/proc", error)) {
    const std::string name = entry.path().filename().string();
    if (name.find_first_not_of("0123456789") != std::string::npos) continue;
    const Result<std::string> stat = read_file(entry.path() / "stat");
    if (stat && parent_of(*stat) == pid) children.push_back(std::stoi(name));
  }
  if (error) return fail(Error::from_errno("read /proc", error.value()));
  return children;
}

Result<Leftovers> count_leftovers_of(pid_t pid) {
  const fs::path proc = "/proc/" + std::to_string(pid);
  Leftovers leftovers;
  FW_TRY(count_descriptors(proc, leftovers));
  FW_TRY(count_mapped_memfds(proc, leftovers));
  FW_TRY_ASSIGN(const std::vector<pid_t> children, children_of(pid));
  leftovers.processes = children.size();
  return leftovers;
}

Result<Leftovers> count_leftovers(const fs::path& cache) {
  FW_TRY_ASSIGN(Leftovers leftovers, count_leftovers_of(::getpid()));
  --leftovers.descriptors;  // the one that read the folder
  leftovers.shared_memory += sysv_bytes() + allocated_below("/dev/shm");
  if (!cache.empty()) leftovers.shared_memory += allocated_below(cache);
  return leftovers;
}

}  // namespace fw::bench
