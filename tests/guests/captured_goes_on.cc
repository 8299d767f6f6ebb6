// The process that was captured goes on unchanged: its threads run, the signals that
// parking and triggers borrowed are back, nothing was left open or mapped, errno is
// untouched; and it can be captured again. A restored process cannot.
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <csignal>
#include <filesystem>
#include <set>
#include <thread>

#include "tests/guests/guest.h"

using namespace fw::guest;

namespace {

std::set<std::string> names_in(const char* folder) {
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    names.insert(entry.path().filename());
  }
  return names;
}

std::size_t mappings() {
  const std::string maps = contents("/proc/self/maps");
  EXPECT_EQ(maps.find("600000000000-"), std::string::npos);
  return static_cast<std::size_t>(std::count(maps.begin(), maps.end(), '\n'));
}

}  // namespace

int main(int, char** argv) {
  std::atomic<std::uint64_t> rounds{0};
  std::atomic<bool> stop{false};
  std::thread busy([&] {
    while (!stop) ++rounds;
  });
  fw_snapshot_request request{};
  request.image_path = argv[1];
  fw_snapshot_report report{};
  const auto files = names_in("/proc/self/fd");
  const auto tasks = names_in("/proc/self/task");
  const std::string caught = field(contents("/proc/self/status"), "SigCgt");
  const std::size_t mapped = mappings();
  for (int round = 0; round < 3; ++round) {
    errno = 4711;
    const int result = fw_snapshot_here(&request, &report);
    EXPECT_EQ(errno, 4711);
    if (result == 1) {
      EXPECT_EQ(fw_snapshot_here(&request, &report), -EBUSY);
      EXPECT(std::string(report.reason).find("restored") != std::string::npos);
      meet_other_clones();
      break;
    }
    EXPECT_EQ(result, 0);
    EXPECT(report.image_bytes > kPage && report.captured_pages > 1);
    EXPECT_EQ(report.threads, 2);
    EXPECT_EQ(report.descriptors, 0);
    EXPECT(report.mappings > 5);
    EXPECT_EQ(names_in("/proc/self/fd") == files, true);
    EXPECT_EQ(names_in("/proc/self/task") == tasks, true);
    EXPECT_EQ(mappings(), mapped);
    EXPECT_EQ(field(contents("/proc/self/status"), "SigCgt"), caught);
    EXPECT_EQ(field(contents("/proc/self/status"), "SigBlk"), "0000000000000000");
    EXPECT_EQ(names_in(folder_of(argv[1]).c_str()).size(), 1U);
  }
  const std::uint64_t before = rounds;
  while (rounds < before + 10) std::this_thread::yield();
  stop = true;
  busy.join();
}
