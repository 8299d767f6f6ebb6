#include "pool/pressure.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <string>
#include <string_view>

#include "base/files.h"
#include "pool/memory_cgroups.h"

namespace fw::pool {

namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kNoLimit = UINT64_MAX;
// Version 1 has no word for it: the greatest number of whole pages.
constexpr std::uint64_t kLeastOfNoLimit = std::uint64_t{1} << 62;

// Small files of /proc and cgroups, from their beginning each time.
struct Text {
  std::array<char, 8192> bytes;
  std::string_view view;
};

Status read_again(const UniqueFd& fd, const char* what, Text& text) {
  const ssize_t n = ::pread(fd.get(), text.bytes.data(), text.bytes.size(), 0);
  if (n < 0) return fail_errno(std::string("read ") + what);
  text.view = {text.bytes.data(), static_cast<std::size_t>(n)};
  return {};
}

// The number that `text` begins with.
Result<std::uint64_t> number(std::string_view text, const char* what) {
  text.remove_prefix(std::min(text.find_first_not_of(' '), text.size()));
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc()) return value;
  return fail(Errc::kInternal,
              std::string(what) + " holds no number: '" + std::string(text.substr(0, 40)) + "'");
}

// The number after `name` at the beginning of a line.
Result<std::uint64_t> member(std::string_view text, std::string_view name, const char* what) {
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = text.substr(0, end);
    if (line.starts_with(name)) return number(line.substr(name.size()), what);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return fail(Errc::kInternal, std::string(what) + " does not tell " + std::string(name));
}

// Not valid when there is none.
Result<UniqueFd> open_if_there(const fs::path& file) {
  Result<UniqueFd> fd = open_file(file, O_RDONLY);
  if (!fd && fd.error().sys_errno() == ENOENT) return UniqueFd();
  return fd;
}

// A trigger on a file of pressure stall information; not valid where it cannot be had.
UniqueFd trigger_on(const fs::path& file) {
  // Microseconds of stalls in a window. Who has no CAP_SYS_RESOURCE may only ask for
  // windows of whole two seconds.
  for (const std::string_view trigger : {"some 100000 1000000", "some 200000 2000000"}) {
    UniqueFd fd(::open(file.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC));
    if (!fd) return fd;
    // With the zero at the end.
    const auto size = static_cast<ssize_t>(trigger.size() + 1);
    if (::write(fd.get(), trigger.data(), trigger.size() + 1) == size) return fd;
  }
  return {};
}

}  // namespace

Result<MemoryWatch> MemoryWatch::open(const fs::path& proc) {
  MemoryWatch watch;
  FW_TRY_ASSIGN(watch.meminfo_, open_file(proc / "meminfo", O_RDONLY));
  FW_TRY(watch.add_levels(proc / "self"));
  FW_TRY_ASSIGN(const fs::path own, unified_cgroup(proc / "self"));
  if (!own.empty()) watch.pressure_ = trigger_on(own / "memory.pressure");
  if (!watch.pressure_) watch.pressure_ = trigger_on(proc / "pressure/memory");
  return watch;
}

Status MemoryWatch::add_levels(const fs::path& proc) {
  FW_TRY_ASSIGN(const std::vector<MemoryCgroup> cgroups, memory_cgroups(proc));
  for (const MemoryCgroup& cgroup : cgroups) {
    const bool unified = cgroup.unified;
    const fs::path& folder = cgroup.folder;
    Level level{};
    FW_TRY_ASSIGN(level.limit,
                  open_if_there(folder / (unified ? "memory.max" : "memory.limit_in_bytes")));
    if (!level.limit) continue;  // not controlled there, as in the root of version 2
    if (unified) {
      FW_TRY_ASSIGN(level.high, open_if_there(folder / "memory.high"));
    }
    FW_TRY_ASSIGN(
        level.usage,
        open_file(folder / (unified ? "memory.current" : "memory.usage_in_bytes"), O_RDONLY));
    FW_TRY_ASSIGN(level.stat, open_file(folder / "memory.stat", O_RDONLY));
    level.cache_name = unified ? "inactive_file " : "total_inactive_file ";
    levels_.push_back(std::move(level));
  }
  return {};
}

Result<std::uint64_t> MemoryWatch::limit_of(const Level& level) {
  std::uint64_t least = kNoLimit;
  Text text;
  for (const UniqueFd* fd : {&level.limit, &level.high}) {
    if (!*fd) continue;
    FW_TRY(read_again(*fd, "a cgroup's memory limit", text));
    if (text.view.starts_with("max")) continue;
    FW_TRY_ASSIGN(const std::uint64_t limit, number(text.view, "a cgroup's memory limit"));
    if (limit < kLeastOfNoLimit) least = std::min(least, limit);
  }
  return least;
}

Result<std::uint64_t> MemoryWatch::left_in(const Level& level) {
  FW_TRY_ASSIGN(const std::uint64_t limit, limit_of(level));
  if (limit == kNoLimit) return limit;
  Text text;
  FW_TRY(read_again(level.usage, "a cgroup's memory usage", text));
  FW_TRY_ASSIGN(const std::uint64_t usage, number(text.view, "a cgroup's memory usage"));
  FW_TRY(read_again(level.stat, "a cgroup's memory.stat", text));
  FW_TRY_ASSIGN(const std::uint64_t cache,
                member(text.view, level.cache_name, "a cgroup's memory.stat"));
  const std::uint64_t used = usage - std::min(usage, cache);
  return limit - std::min(limit, used);
}

Result<std::uint64_t> MemoryWatch::machine(const char* name) const {
  Text text;
  FW_TRY(read_again(meminfo_, "/proc/meminfo", text));
  FW_TRY_ASSIGN(const std::uint64_t kilobytes, member(text.view, name, "/proc/meminfo"));
  return kilobytes * 1024;
}

Result<std::uint64_t> MemoryWatch::available() const {
  FW_TRY_ASSIGN(std::uint64_t least, machine("MemAvailable:"));
  for (const Level& level : levels_) {
    FW_TRY_ASSIGN(const std::uint64_t left, left_in(level));
    least = std::min(least, left);
  }
  return least;
}

Result<std::uint64_t> MemoryWatch::total() const {
  FW_TRY_ASSIGN(std::uint64_t least, machine("MemTotal:"));
  for (const Level& level : levels_) {
    FW_TRY_ASSIGN(const std::uint64_t limit, limit_of(level));
    least = std::min(least, limit);
  }
  return least;
}

}  // namespace fw::pool
