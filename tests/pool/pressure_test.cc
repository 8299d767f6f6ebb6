#include "pool/pressure.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>

#include "base/files.h"
#include "pool/memory_cgroups.h"
#include "tests/child.h"
#include "tests/store/temp_folder.h"

using namespace fw;
using namespace fw::pool;
using fw::testing::TempFolder;
using fw::testing::write_text;
namespace fs = std::filesystem;

namespace {

constexpr std::uint64_t kMb = std::uint64_t{1} << 20;

bool contains(const std::string& text, std::string_view part) {
  return text.find(part) != std::string::npos;
}

// A /proc and cgroups as files.
struct Tree {
  TempFolder temp;
  fs::path proc = temp / "proc";
  fs::path cgroups = temp / "cgroup folder";

  Tree() {
    write_text(proc / "meminfo", "MemTotal:  4000 kB\nMemFree: 1 kB\nMemAvailable:   3000 kB\n");
    in_cgroup("");
  }
  void in_cgroup(const std::string& lines) const { write_text(proc / "self/cgroup", lines); }
  void mounted(const std::string& root, const std::string& type, const std::string& options) const {
    std::string point = cgroups;
    point.replace(point.rfind(' '), 1, "\\040");
    write_text(proc / "self/mountinfo", "20 1 0:1 / / rw - ext4 /dev/x rw\n30 20 0:2 " + root +
                                            " " + point + " rw,nosuid shared:4 - " + type +
                                            " cgroup " + options + "\n");
  }
  void v2(const std::string& folder, const std::string& max, std::uint64_t usage,
          std::uint64_t cache, const std::string& high = "max") const {
    write_text(cgroups / folder / "memory.max", max + "\n");
    write_text(cgroups / folder / "memory.high", high + "\n");
    write_text(cgroups / folder / "memory.current", std::to_string(usage) + "\n");
    write_text(cgroups / folder / "memory.stat",
               "anon 5\nfile 7\ninactive_file " + std::to_string(cache) + "\nactive_file 3\n");
  }
  void v1(const std::string& folder, std::uint64_t limit, std::uint64_t usage,
          std::uint64_t cache) const {
    write_text(cgroups / folder / "memory.limit_in_bytes", std::to_string(limit) + "\n");
    write_text(cgroups / folder / "memory.usage_in_bytes", std::to_string(usage) + "\n");
    write_text(cgroups / folder / "memory.stat",
               "inactive_file 1\ntotal_inactive_file " + std::to_string(cache) + "\n");
  }

  std::uint64_t available() const {
    const Result<MemoryWatch> watch = MemoryWatch::open(proc);
    REQUIRE_MESSAGE(watch, watch.error().message());
    const Result<std::uint64_t> left = watch->available();
    REQUIRE_MESSAGE(left, left.error().message());
    return *left;
  }
  std::uint64_t total() const { return MemoryWatch::open(proc)->total().value(); }
};

}  // namespace

TEST_CASE("Without cgroups the machine's memory counts") {
  const Tree tree;
  tree.mounted("/", "tmpfs", "rw");
  CHECK(tree.available() == 3000 * 1024);
  CHECK(tree.total() == 4000 * 1024);
}

TEST_CASE("Of nested cgroups the tightest counts, without cache that is given back") {
  const Tree tree;
  tree.mounted("/", "cgroup2", "rw");
  tree.in_cgroup("0::/a/b/c\n");
  tree.v2("a/b/c", "max", 900'000, 0);
  tree.v2("a/b", "1000000", 600'000, 100'000);
  tree.v2("a", "2000000", 1'700'000, 0);
  CHECK(tree.available() == 300'000);
  CHECK(tree.total() == 1'000'000);
  tree.v2("a", "2000000", 1'700'000, 300'000);
  CHECK(tree.available() == 500'000);
  // Throttling is as bad as a limit.
  tree.v2("a/b", "1000000", 600'000, 100'000, "700000");
  CHECK(tree.available() == 200'000);
  CHECK(tree.total() == 700'000);
}

TEST_CASE("A cgroup that uses more than it may leaves nothing") {
  const Tree tree;
  tree.mounted("/", "cgroup2", "rw");
  tree.in_cgroup("0::/a\n");
  tree.v2("a", "1000", 5000, 100);
  CHECK(tree.available() == 0);
  // The two files are not read at one moment.
  tree.v2("a", "1000", 5000, 9000);
  CHECK(tree.available() == 1000);
}

TEST_CASE("Version 1 is followed up its tree, too, and has a number for no limit") {
  const Tree tree;
  tree.mounted("/", "cgroup", "rw,cpu,memory");
  tree.in_cgroup("5:cpu,memory:/a/b\n0::/other\n");
  tree.v1("a/b", 9'223'372'036'854'771'712ULL, 800'000, 0);
  tree.v1("a", 1'000'000, 800'000, 50'000);
  tree.v1("", 9'223'372'036'854'771'712ULL, 800'000, 0);
  CHECK(tree.available() == 250'000);
  CHECK(tree.total() == 1'000'000);
}

TEST_CASE("A part of the hierarchy that is mounted alone is found by its root") {
  const Tree tree;
  tree.mounted("/pod/box", "cgroup2", "rw");
  tree.in_cgroup("0::/pod/box/inner\n");
  tree.v2("", "1000000", 400'000, 0);
  tree.v2("inner", "max", 0, 0);
  CHECK(tree.available() == 600'000);
  tree.in_cgroup("0::/pod/box\n");
  CHECK(tree.available() == 600'000);
  // A cgroup that is not visible: what is mounted is nearest.
  tree.in_cgroup("0::/elsewhere\n");
  CHECK(tree.available() == 600'000);
}

TEST_CASE("A process that moves is seen where it was; limits that change are seen") {
  const Tree tree;
  tree.mounted("/", "cgroup2", "rw");
  tree.in_cgroup("0::/a\n");
  tree.v2("a", "1000000", 400'000, 0);
  const Result<MemoryWatch> watch = MemoryWatch::open(tree.proc);
  REQUIRE(watch);
  tree.v2("a", "900000", 400'000, 0);
  CHECK(*watch->available() == 500'000);
  tree.v2("a", "max", 400'000, 0);
  CHECK(*watch->available() == 3000 * 1024);
}

TEST_CASE("What cannot be read or understood is an error that names it") {
  const Tree tree;
  tree.mounted("/", "cgroup2", "rw");
  tree.in_cgroup("0::/a\n");
  tree.v2("a", "many", 1, 0);
  CHECK(contains(MemoryWatch::open(tree.proc)->available().error().message(),
                 "a cgroup's memory limit holds no number: 'many"));
  tree.v2("a", "10", 1, 0);
  write_text(tree.cgroups / "a/memory.stat", "anon 1\n");
  CHECK(contains(MemoryWatch::open(tree.proc)->available().error().message(),
                 "a cgroup's memory.stat does not tell inactive_file"));
  write_text(tree.proc / "meminfo", "MemTotal: x kB\n");
  CHECK(contains(MemoryWatch::open(tree.proc)->available().error().message(),
                 "/proc/meminfo does not tell MemAvailable:"));
  CHECK(contains(MemoryWatch::open(tree.proc)->total().error().message(),
                 "/proc/meminfo holds no number"));
  const Result<MemoryWatch> nowhere = MemoryWatch::open(tree.temp / "none");
  REQUIRE_FALSE(nowhere);
  CHECK(nowhere.error().code() == Errc::kSystem);
  CHECK(contains(nowhere.error().message(), "none/meminfo"));
}

TEST_CASE("This machine's memory is told, and less is left than there is") {
  const Result<MemoryWatch> watch = MemoryWatch::open();
  REQUIRE_MESSAGE(watch, watch.error().message());
  const Result<std::uint64_t> left = watch->available();
  REQUIRE_MESSAGE(left, left.error().message());
  CHECK(*left > kMb);
  CHECK(*left < watch->total().value());
}

TEST_CASE("Pressure can be polled for where the kernel tells of it") {
  const Result<MemoryWatch> watch = MemoryWatch::open();
  REQUIRE(watch);
  if (watch->pressure_fd() < 0) {
    MESSAGE("skipped: no pressure stall information for this user");
    return;
  }
  pollfd wanted{watch->pressure_fd(), POLLPRI, 0};
  CHECK(::poll(&wanted, 1, 0) >= 0);
  CHECK((wanted.revents & (POLLERR | POLLNVAL)) == 0);
}
