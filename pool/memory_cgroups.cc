#include "pool/memory_cgroups.h"

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

#include "base/files.h"

namespace fw::pool {

namespace fs = std::filesystem;

namespace {

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> pieces;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(separator), text.size());
    pieces.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return pieces;
}

bool contains(const std::vector<std::string_view>& pieces, std::string_view wanted) {
  return std::find(pieces.begin(), pieces.end(), wanted) != pieces.end();
}

// mountinfo writes blanks and the like as \040.
std::string unescape(std::string_view text) {
  const auto octal = [](char c) { return c >= '0' && c <= '7'; };
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\' && i + 3 < text.size() && octal(text[i + 1]) && octal(text[i + 2]) &&
        octal(text[i + 3])) {
      plain += static_cast<char>((text[i + 1] - '0') * 64 + (text[i + 2] - '0') * 8 +
                                 (text[i + 3] - '0'));
      i += 3;
    } else {
      plain += text[i];
    }
  }
  return plain;
}

struct Mount {
  std::string root;   // the part of the hierarchy that is mounted
  std::string point;  // where
};

// The first mount of version 2, or of version 1's memory controller.
std::optional<Mount> find_mount(std::string_view mountinfo, bool unified) {
  for (const std::string_view line : split(mountinfo, '\n')) {
    // 36 35 98:0 /root /point rw,noatime shared:1 - type source superoptions
    const std::size_t dash = line.find(" - ");
    if (dash == std::string_view::npos) continue;
    const auto place = split(line.substr(0, dash), ' ');
    const auto what = split(line.substr(dash + 3), ' ');
    if (place.size() < 5 || what.size() < 3) continue;
    const bool wanted = unified ? what[0] == "cgroup2"
                                : what[0] == "cgroup" && contains(split(what[2], ','), "memory");
    if (wanted) return Mount{unescape(place[3]), unescape(place[4])};
  }
  return std::nullopt;
}

// The process's path in the hierarchy, from lines such as "4:memory:/a/b" and "0::/a".
std::optional<std::string> find_path(std::string_view cgroups, bool unified) {
  for (const std::string_view line : split(cgroups, '\n')) {
    const std::size_t first = line.find(':');
    const std::size_t second = line.find(':', std::min(first, line.size() - 1) + 1);
    if (first == std::string_view::npos || second == std::string_view::npos) continue;
    const std::string_view controllers = line.substr(first + 1, second - first - 1);
    const bool wanted = unified ? line.substr(0, first) == "0" && controllers.empty()
                                : contains(split(controllers, ','), "memory");
    if (wanted) return std::string(line.substr(second + 1));
  }
  return std::nullopt;
}

// From the process's own folder up to the mount point.
std::vector<MemoryCgroup> chain(const Mount& mount, const std::string& path, bool unified) {
  fs::path below;
  if (mount.root == "/") {
    below = fs::path(path).relative_path();
  } else {
    // Only a part of the hierarchy is mounted, as in a container.
    below = fs::path(path).lexically_relative(mount.root);
    if (below == ".") below.clear();
  }
  const bool outside = !below.empty() && *below.begin() == "..";
  std::vector<MemoryCgroup> cgroups;
  std::error_code error;
  if (outside || !fs::is_directory(fs::path(mount.point) / below, error)) below.clear();
  for (;;) {
    const bool top = below.empty();
    cgroups.push_back({unified, top ? fs::path(mount.point) : fs::path(mount.point) / below});
    if (top) return cgroups;
    below = below.parent_path();
  }
}

Result<std::vector<MemoryCgroup>> find_chain(const fs::path& proc, bool unified) {
  FW_TRY_ASSIGN(const std::string mountinfo, read_file(proc / "mountinfo"));
  FW_TRY_ASSIGN(const std::string cgroups, read_file(proc / "cgroup"));
  const std::optional<Mount> mount = find_mount(mountinfo, unified);
  const std::optional<std::string> path = find_path(cgroups, unified);
  if (!mount || !path) return std::vector<MemoryCgroup>();
  return chain(*mount, *path, unified);
}

}  // namespace

Result<std::vector<MemoryCgroup>> memory_cgroups(const fs::path& proc) {
  FW_TRY_ASSIGN(std::vector<MemoryCgroup> first, find_chain(proc, false));
  if (!first.empty()) return first;
  return find_chain(proc, true);
}

Result<fs::path> unified_cgroup(const fs::path& proc) {
  FW_TRY_ASSIGN(const std::vector<MemoryCgroup> cgroups, find_chain(proc, true));
  if (cgroups.empty()) return fs::path();
  return cgroups.front().folder;
}

}  // namespace fw::pool
