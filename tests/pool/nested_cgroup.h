// A memory cgroup of its own for a test.
#pragma once

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/files.h"
#include "pool/memory_cgroups.h"

namespace fw::testing {

// A cgroup below this process's own, with one inside of it; gone at the end.
class Nested {
 public:
  // Says why when it cannot be made.
  static std::optional<Nested> make() {
    const Result<std::vector<pool::MemoryCgroup>> own = pool::memory_cgroups("/proc/self");
    if (!own || own->empty()) return skip("no memory cgroups are mounted");
    const pool::MemoryCgroup& nearest = own->front();
    const std::filesystem::path outer =
        nearest.folder / ("fwrun-test-" + std::to_string(::getpid()));
    if (::mkdir(outer.c_str(), 0755) != 0) return skip("no cgroup can be made here");
    Nested nested(outer, nearest.unified);
    if (nearest.unified && !write(outer / "cgroup.subtree_control", "+memory")) {
      return skip("memory is not controlled in this cgroup");
    }
    if (::mkdir((outer / "inner").c_str(), 0755) != 0) return skip("no cgroup can be nested");
    return nested;
  }
  Nested(Nested&& other) noexcept : outer_(std::move(other.outer_)), unified_(other.unified_) {
    other.outer_.clear();
  }
  Nested& operator=(Nested&&) = delete;
  ~Nested() {
    if (outer_.empty()) return;
    ::rmdir((outer_ / "inner").c_str());
    ::rmdir(outer_.c_str());
  }

  bool limit_outer(std::uint64_t bytes) const { return limit(outer_, bytes); }
  bool limit_inner(std::uint64_t bytes) const { return limit(outer_ / "inner", bytes); }
  bool enter() const { return write(outer_ / "inner/cgroup.procs", "0"); }
  // Back to where it was.
  bool leave() const { return write(outer_.parent_path() / "cgroup.procs", "0"); }

 private:
  Nested(std::filesystem::path outer, bool unified) : outer_(std::move(outer)), unified_(unified) {}
  static std::optional<Nested> skip(const char* why) {
    MESSAGE("skipped: " << why);
    return std::nullopt;
  }
  static bool write(const std::filesystem::path& file, const std::string& text) {
    const Result<UniqueFd> fd = open_file(file, O_WRONLY);
    return fd && write_all(fd->get(), text);
  }
  bool limit(const std::filesystem::path& folder, std::uint64_t bytes) const {
    return write(folder / (unified_ ? "memory.max" : "memory.limit_in_bytes"),
                 std::to_string(bytes));
  }

  std::filesystem::path outer_;
  bool unified_;
};

}  // namespace fw::testing
