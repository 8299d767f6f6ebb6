#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <set>

#include "base/files.h"
#include "base/mapping.h"
#include "snapshot/image/reader.h"
#include "tests/guests/guest.h"
#include "tests/snapshot/guest_runner.h"

using namespace fw;
using namespace fw::test;

namespace {

UniqueFd memfd_with(std::string_view text) {
  Result<UniqueFd> fd = create_memfd("handed on");
  REQUIRE(fd.has_value());
  REQUIRE(write_all(fd->get(), text).has_value());
  return std::move(*fd);
}

}  // namespace

TEST_CASE("A signal can trigger the capture") { check_guest("capture_by_signal"); }
TEST_CASE("A timer can trigger the capture") { check_guest("capture_by_timer"); }
TEST_CASE("On-restore hooks run in order, before any other thread") {
  check_guest("restore_hooks");
}
TEST_CASE("A clone knows the times of its restore, in order") { check_guest("restore_times"); }
TEST_CASE("The captured process goes on unchanged and can be captured again") {
  check_guest("captured_goes_on");
}
TEST_CASE("A capture under way refuses a second one with EALREADY") {
  check_guest("concurrent_captures");
}

TEST_CASE("External ranges that make no sense are refused as mistakes") {
  check_guest("external_mistakes");
}

TEST_CASE("External ranges are shared between a clone and whoever restores it") {
  constexpr std::size_t kSize = 16 * kPageSize;
  for (const Pids pids : {Pids::kKept, Pids::kPatched}) {
    const Guest guest("external_ranges");
    guest.capture(pids);
    UniqueFd inbox = memfd_with("");
    UniqueFd outbox = memfd_with("");
    REQUIRE(::ftruncate(inbox.get(), kSize) == 0);
    REQUIRE(::ftruncate(outbox.get(), kSize + kPageSize) == 0);
    auto in = Mapping::of_file(inbox.get(), kSize, PROT_READ | PROT_WRITE, Mapping::Share::kShared);
    auto out = Mapping::of_file(outbox.get(), kSize, PROT_READ | PROT_WRITE,
                                Mapping::Share::kShared, kPageSize);
    REQUIRE(in.has_value());
    REQUIRE(out.has_value());
    guest::fill(in->data(), kSize, 11);
    for (const Way way : {Way::kFromFile, Way::kIntoZygote, Way::kForked}) {
      std::memset(out->data(), 0, kSize);
      guest.restore(pids, {.count = 1,
                           .externals = {{3, outbox.get(), kPageSize}, {7, inbox.get(), 0}},
                           .way = way});
      CHECK(guest::holds(out->data(), kSize, 12));
      CHECK(guest::holds(in->data(), kSize, 11));
    }
  }
}

TEST_CASE("Descriptors handed on may lie right above the image's own") {
  for (const Pids pids : {Pids::kKept, Pids::kPatched}) {
    const Guest guest("handed_descriptors");
    guest.capture(pids);
    Result<UniqueFd> image = open_file(guest.image(), O_RDONLY);
    REQUIRE(image.has_value());
    const int first = fw_restore_first_free_fd(image->get());
    CHECK(first == 6);
    std::vector<UniqueFd> texts;
    std::vector<fw_restore_fd> fds;
    for (int i = 0; i < 3; ++i) {
      texts.push_back(memfd_with("text " + std::to_string(i)));
      fds.push_back({texts.back().get(), first + i});
    }
    for (const Way way : {Way::kFromFile, Way::kIntoZygote, Way::kForked}) {
      guest.restore(pids, {.fds = fds, .way = way});
    }
  }
}

TEST_CASE("Thirty captures have thirty layouts, and all can be restored") {
  std::set<std::uint64_t> layouts;
  for (int i = 0; i < 30; ++i) {
    const Guest guest("program_data");
    guest.capture(Pids::kKept);
    Result<image::ImageReader> image = image::ImageReader::open(guest.image());
    REQUIRE(image.has_value());
    layouts.insert(image->plan().memory.start_stack);
    guest.restore(Pids::kKept, {.count = 1});
  }
  CHECK(layouts.size() > 20);
}
