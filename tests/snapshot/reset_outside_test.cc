// An independent look: a process that was reset is stopped before any of its code runs,
// and another process compares its memory with the image file.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstring>
#include <vector>

#include "base/files.h"
#include "base/mapping.h"
#include "snapshot/image/reader.h"
#include "tests/snapshot/reset_runner.h"

using namespace fw;
using namespace fw::test;

namespace {

constexpr std::uint32_t kStopAfterResets = 0x80000000;  // restore/raw/reset.cc

// What the kernel writes to as long as the thread lives.
bool is_kernels(const image::ImageReader& reader, std::uint64_t address) {
  const image::Plan& plan = reader.plan();
  const image::Thread& thread = reader.table<image::Thread>(plan.threads)[plan.leader];
  const auto within = [address](std::uint64_t start, std::uint64_t length) {
    return start != 0 && address >= start && address < start + length;
  };
  return within(thread.rseq_area, plan.rseq_length) || within(thread.tid_address, 4);
}

std::size_t count_differences(const image::ImageReader& reader, int memory, std::size_t* compared) {
  std::size_t differences = 0;
  const std::vector<char> zeros(image::kPage, 0);
  std::vector<char> page(image::kPage);
  for (const image::MapOp& op : reader.table<image::MapOp>(reader.plan().maps)) {
    const bool stored = op.source == image::Source::kImage;
    if (!stored && op.source != image::Source::kAnonymous) continue;
    for (std::uint64_t at = op.start; at < op.end; at += image::kPage) {
      REQUIRE(::pread(memory, page.data(), page.size(), static_cast<off_t>(at)) ==
              static_cast<ssize_t>(page.size()));
      const char* wanted = zeros.data();
      if (stored) {
        wanted = reinterpret_cast<const char*>(reader.bytes().data()) + op.offset + (at - op.start);
      }
      *compared += page.size();
      if (std::memcmp(page.data(), wanted, page.size()) == 0) continue;
      for (std::size_t i = 0; i < page.size(); ++i) {
        if (page[i] != wanted[i] && !is_kernels(reader, at + i)) ++differences;
      }
    }
  }
  return differences;
}

void wait_until_stopped(pid_t pid) {
  siginfo_t info{};
  REQUIRE(::waitid(P_PID, static_cast<id_t>(pid), &info, WSTOPPED | WEXITED) == 0);
  REQUIRE(info.si_code == CLD_STOPPED);
}

}  // namespace

TEST_CASE("Seen from another process, not one byte differs from the image after a reset") {
  const Guest guest("resets/memory");
  REQUIRE(guest.capture(Pids::kPatched));
  Result<image::ImageReader> reader = image::ImageReader::open(guest.image());
  REQUIRE(reader.has_value());
  constexpr std::uint32_t kRounds = 4;
  for (const char* deed : {"counters", "heap", "unmapped memory", "break", "rewritten constants"}) {
    INFO("deed: " << std::string(deed));
    Result<UniqueFd> file = create_memfd("notebook");
    REQUIRE(file.has_value());
    REQUIRE(::ftruncate(file->get(), guest::kNotebookBytes) == 0);
    Result<Mapping> mapped = Mapping::of_file(file->get(), guest::kNotebookBytes,
                                              PROT_READ | PROT_WRITE, Mapping::Share::kShared);
    REQUIRE(mapped.has_value());
    auto* notebook = reinterpret_cast<guest::Notebook*>(mapped->data());
    std::strcpy(notebook->deed, deed);
    notebook->wanted = kRounds;
    notebook->watch = 1;
    Clone clone =
        start_clone(guest.image(), Pids::kPatched, {}, {{guest::kNotebookTag, file->get(), 0}},
                    FW_RESTORE_RESETTABLE | kStopAfterResets);
    const pid_t pid = clone.process.pid();
    for (std::uint32_t round = 0; round < kRounds; ++round) {
      wait_until_stopped(pid);
      Result<UniqueFd> memory = open_file("/proc/" + std::to_string(pid) + "/mem", O_RDONLY);
      REQUIRE(memory.has_value());
      std::size_t compared = 0;
      CHECK(count_differences(*reader, memory->get(), &compared) == 0);
      CHECK(compared > 1'000'000);
      REQUIRE(::kill(pid, SIGCONT) == 0);
    }
    const Outcome outcome = finish(std::move(clone));
    CHECK(outcome.status.describe() == "exited with code 0");
    CHECK(notebook->rounds == kRounds + 1);
  }
}
