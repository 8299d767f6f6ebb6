#include "snapshot/capture/proc.h"

#include <dirent.h>
#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <charconv>

#include "base/unique_fd.h"

namespace fw::capture {

ProcPath::ProcPath(std::string_view before, std::uint64_t number, std::string_view after) {
  char* out = text_;
  char* const end = text_ + sizeof text_ - 1;
  const auto add = [&](std::string_view part) {
    for (const char c : part) {
      if (out < end) *out++ = c;
    }
  };
  add(before);
  if (number != kNone) out = std::to_chars(out, end, number).ptr;
  add(after);
  *out = '\0';
}

std::optional<std::pmr::string> read_proc(std::pmr::memory_resource* memory, const char* path) {
  const UniqueFd fd(::open(path, O_RDONLY | O_CLOEXEC));
  if (!fd) return std::nullopt;
  std::pmr::string content(memory);
  std::size_t used = 0;
  for (;;) {
    if (content.size() - used < 4096) content.resize(std::max<std::size_t>(16384, used * 2));
    const ssize_t n = ::read(fd.get(), content.data() + used, content.size() - used);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return std::nullopt;
    if (n == 0) break;
    used += static_cast<std::size_t>(n);
  }
  content.resize(used);
  return content;
}

std::optional<std::pmr::string> read_link(std::pmr::memory_resource* memory, const char* path) {
  std::pmr::string target(4096, '\0', memory);
  const ssize_t n = ::readlink(path, target.data(), target.size());
  if (n < 0) return std::nullopt;
  target.resize(static_cast<std::size_t>(n));
  return target;
}

namespace {

// Calls body(entry) for each entry of an open folder. False (and errno) when it cannot
// be read.
template <typename Body>
bool for_each_entry(const UniqueFd& folder, Body body) {
  alignas(dirent64) char buffer[4096];
  for (;;) {
    const ssize_t n = ::getdents64(folder.get(), buffer, sizeof buffer);
    if (n <= 0) return n == 0;
    for (ssize_t at = 0; at < n;) {
      const auto* entry = reinterpret_cast<const dirent64*>(buffer + at);
      at += entry->d_reclen;
      body(*entry);
    }
  }
}

UniqueFd open_folder(const char* path) {
  return UniqueFd(::open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
}

}  // namespace

std::optional<std::pmr::vector<int>> list_numbers(std::pmr::memory_resource* memory,
                                                  const char* path) {
  const UniqueFd folder = open_folder(path);
  if (!folder) return std::nullopt;
  // Our own descriptors, without the one that this takes.
  const int skipped = std::string_view(path) == "/proc/self/fd" ? folder.get() : -1;
  std::pmr::vector<int> numbers(memory);
  const bool complete = for_each_entry(folder, [&](const dirent64& entry) {
    const std::string_view name = entry.d_name;
    int number = 0;
    const auto parsed = std::from_chars(name.data(), name.data() + name.size(), number);
    if (parsed.ec != std::errc() || parsed.ptr != name.data() + name.size()) return;
    if (number != skipped) numbers.push_back(number);
  });
  if (!complete) return std::nullopt;
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

std::optional<std::pmr::vector<std::uint64_t>> list_inodes(std::pmr::memory_resource* memory,
                                                           const char* path) {
  const UniqueFd folder = open_folder(path);
  if (!folder) return std::nullopt;
  std::pmr::vector<std::uint64_t> inodes(memory);
  const auto add = [&](const dirent64& entry) { inodes.push_back(entry.d_ino); };
  if (!for_each_entry(folder, add)) return std::nullopt;
  return inodes;
}

std::string_view field(std::string_view text, std::string_view key) {
  while (!text.empty()) {
    std::string_view line = take_line(&text);
    if (!line.starts_with(key) || line.size() <= key.size() || line[key.size()] != ':') continue;
    line.remove_prefix(key.size() + 1);
    const std::size_t start = line.find_first_not_of(" \t");
    return start == std::string_view::npos ? std::string_view() : line.substr(start);
  }
  return {};
}

std::uint64_t to_number(std::string_view text, int base) {
  std::uint64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value, base);
  return value;
}

std::string_view take_line(std::string_view* text) {
  const std::size_t end = text->find('\n');
  const std::string_view line = text->substr(0, end);
  text->remove_prefix(end == std::string_view::npos ? text->size() : end + 1);
  return line;
}

std::string_view take_word(std::string_view* text) {
  const std::size_t start = text->find_first_not_of(" \t");
  if (start == std::string_view::npos) {
    *text = {};
    return {};
  }
  text->remove_prefix(start);
  const std::size_t end = text->find_first_of(" \t");
  const std::string_view word = text->substr(0, end);
  text->remove_prefix(end == std::string_view::npos ? text->size() : end);
  return word;
}

std::uint32_t own_id(std::string_view status) {
  std::string_view numbers = field(status, "NSpid");  // "4711 12 1"
  std::uint32_t id = 0;
  for (std::string_view word = take_word(&numbers); !word.empty(); word = take_word(&numbers)) {
    id = static_cast<std::uint32_t>(to_number(word));
  }
  return id;
}

}  // namespace fw::capture
