// What the restorer refuses: every time with its exit code and a reason that names
// what is wrong.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/utsname.h>

#include <cstring>
#include <fstream>

#include "base/files.h"
#include "tests/snapshot/guest_runner.h"
#include "tests/snapshot/image_file.h"

using namespace fw;
using namespace fw::test;
namespace fs = std::filesystem;

namespace {

Outcome restore(const fs::path& image, const std::vector<std::string>& orders = {}) {
  std::vector<std::string> arguments{image.string()};
  arguments.insert(arguments.end(), orders.begin(), orders.end());
  return Guest::run_program(FW_BIN_DIR "/fwrun-restore", Pids::kPatched, arguments);
}

void expect_refused(const Outcome& outcome, std::initializer_list<std::string_view> words) {
  INFO("it said:\n" << outcome.output);
  CHECK(outcome.status.describe() == "exited with code " + std::to_string(FW_RESTORE_EXIT_REFUSED));
  CHECK(outcome.output.starts_with("fwrun-restore: "));
  for (const std::string_view word : words) {
    CHECK(outcome.output.find(word) != std::string::npos);
  }
}

void write_text(const fs::path& path, std::string_view text) {
  std::ofstream(path, std::ios::binary) << text;
}

// An image that can be restored with nothing else, and a copy of it.
struct Subject {
  explicit Subject(const char* name = "program_data", Pids pids = Pids::kPatched)
      : guest(name), captured(guest.capture(pids)) {}
  Guest guest;
  bool captured;
  ImageFile copy{guest.image(), guest.folder() / "copy"};
};

}  // namespace

TEST_CASE("A whole copy of an image is as good as the image") {
  Subject subject;
  // The guest misses its driver's pipes: that is the first that it says.
  const Outcome outcome = restore(subject.copy.path());
  CHECK(outcome.exited_with(1));
  CHECK(outcome.output.find("cannot report the arrival") != std::string::npos);
}

TEST_CASE("What is no image is refused as that") {
  const ScratchFolder folder;
  const fs::path file = folder / "file";
  expect_refused(restore(file), {"cannot open", file.native(), "no such file"});
  write_text(file, "");
  expect_refused(restore(file), {file.native(), "too short"});
  write_text(file, std::string(5000, 'x'));
  expect_refused(restore(file), {file.native(), "no x86-64 ELF core file"});
  expect_refused(restore("/proc/self/exe"), {"no x86-64 ELF core file"});
  expect_refused(restore(folder.path()), {"cannot read", folder.path().native()});
}

TEST_CASE("Core files of other programs are refused as that") {
  Subject subject;
  constexpr std::uint64_t kType = 16, kHeaderOffset = 32, kSecondSegment = 64 + 56;
  subject.copy.flip(kType);
  expect_refused(restore(subject.copy.path()), {"no x86-64 ELF core file"});
  subject.copy.mend();
  subject.copy.flip(kHeaderOffset);
  expect_refused(restore(subject.copy.path()), {"a core file of another program"});
  subject.copy.mend();
  subject.copy.flip(kSecondSegment);
  expect_refused(restore(subject.copy.path()), {"it has no plan"});
}

TEST_CASE("An image that was cut is refused, wherever it was cut") {
  Subject subject;
  ImageFile& copy = subject.copy;
  const std::uint64_t whole = copy.size();
  std::vector<std::uint64_t> sizes{1, 63, 64, 100, 175, 176, 1023, 1024, 4095, 4096, whole - 1};
  const std::uint64_t plan = copy.plan_offset();
  for (const std::uint64_t at : {plan - 24, plan - 1, plan, plan + 1, plan + sizeof(image::Plan),
                                 plan + copy.plan_bytes() - 1, plan + copy.plan_bytes()}) {
    sizes.push_back(at);
  }
  for (std::uint64_t size = 8192; size < whole; size += whole / 40) sizes.push_back(size);
  for (const std::uint64_t size : sizes) {
    CAPTURE(size);
    copy.set_size(size);
    const Outcome outcome = restore(copy.path());
    expect_refused(outcome, {});
    CHECK((outcome.output.find("truncated") != std::string::npos ||
           outcome.output.find("too short") != std::string::npos));
    copy.mend();
  }
  copy.set_size(whole + 1);
  expect_refused(restore(copy.path()), {"truncated or extended"});
}

TEST_CASE("An altered plan is refused, whichever byte was altered") {
  Subject subject;
  ImageFile& copy = subject.copy;
  const std::uint64_t magic_end = copy.plan_offset() + 8;
  const std::uint64_t version_end = magic_end + 4;
  const std::uint64_t hash = copy.plan_offset() + offsetof(image::Plan, plan_hash);
  std::vector<std::uint64_t> places{copy.plan_offset(), magic_end, hash, hash + 7};
  for (std::uint64_t at = version_end + 20; at < copy.plan_offset() + copy.plan_bytes(); at += 61) {
    places.push_back(at);
  }
  for (const std::uint64_t at : places) {
    CAPTURE(at - copy.plan_offset());
    copy.flip(at);
    const Outcome outcome = restore(copy.path());
    const char* reason = at < magic_end     ? "magic is wrong"
                         : at < version_end ? "another version of the format"
                                            : "altered: the plan's checksum";
    expect_refused(outcome, {copy.path().native(), reason});
    copy.flip(at);
  }
  CHECK(restore(copy.path()).exited_with(1));  // mended, it runs again
}

TEST_CASE("An image of another format version is refused") {
  Subject subject;
  subject.copy.forge([](image::Plan* plan) { plan->version = image::kFormatVersion + 1; });
  expect_refused(restore(subject.copy.path()), {"another version of the format", "install"});
}

TEST_CASE("An image of another kernel is refused with that kernel's name") {
  Subject subject;
  subject.copy.forge([](image::Plan* plan) {
    std::strcpy(plan->fingerprint.kernel_release, "4.19.0-made-elsewhere");
  });
  expect_refused(restore(subject.copy.path()), {"another kernel", "4.19.0-made-elsewhere"});
  subject.copy.mend();
  // The same release, built anew: functions of its vdso may lie elsewhere.
  subject.copy.forge([](image::Plan* plan) {
    std::strcpy(plan->fingerprint.kernel_version, "#99 SMP another build");
  });
  utsname kernel{};
  ::uname(&kernel);
  expect_refused(restore(subject.copy.path()), {"another kernel", kernel.release});
}

TEST_CASE("An image of another CPU is refused") {
  Subject subject;
  subject.copy.forge([](image::Plan* plan) { ++plan->fingerprint.cpu; });
  expect_refused(restore(subject.copy.path()), {"a CPU with other features"});
  subject.copy.mend();
  subject.copy.forge([](image::Plan* plan) { plan->fingerprint.xcr0 ^= 0x200; });
  expect_refused(restore(subject.copy.path()), {"a CPU with other features"});
}

TEST_CASE("A plan that is forged well but refers outside of itself is refused") {
  Subject subject;
  const auto expect = [&](auto change, const char* reason) {
    subject.copy.forge(change);
    expect_refused(restore(subject.copy.path()), {reason});
    subject.copy.mend();
  };
  using image::Plan;
  expect([](Plan* p) { p->maps.count = 0x10000000; }, "lies outside of it");
  expect([](Plan* p) { p->threads.offset = 0xfffffff8; }, "lies outside of it");
  expect([](Plan* p) { p->cwd.length = 0xffffffff; }, "a text of the plan");
  expect([](Plan* p) { p->caller = 7; }, "calling thread does not exist");
  expect([](Plan* p) { p->first_free_fd = 0; }, "first free descriptor is not free");
  expect([](Plan* p) { p->signals.count = 63; }, "table of signals");
  expect([](Plan* p) { p->vdso_parts = 5; }, "too many parts");
  expect(
      [](Plan* p) {
        auto* first = const_cast<image::MapOp*>(image::records<image::MapOp>(p, p->maps));
        first->start = image::kWindowStart;
        first->end = first->start + image::kPage;
      },
      "bad address");
}

TEST_CASE("A mapped file that changed, or is gone, is refused with its path") {
  Subject subject("private_file_pages");
  const fs::path data = subject.guest.folder() / "data";
  const timespec times[] = {{1, 0}, {1, 0}};
  REQUIRE(::utimensat(AT_FDCWD, data.c_str(), times, 0) == 0);
  expect_refused(restore(subject.copy.path()), {"stale", data.native(), "install"});
  fs::remove(data);
  expect_refused(restore(subject.copy.path()),
                 {"cannot open a file that the image maps", data.native(), "no such file"});
}

TEST_CASE("A file that was open and changed, or is gone, is refused with its path") {
  Subject subject("file_positions");
  const fs::path text = subject.guest.folder() / "text";
  std::ofstream(text, std::ios::app) << "more";
  expect_refused(restore(subject.copy.path()), {"stale", "was open", text.native()});
  fs::remove(text);
  expect_refused(restore(subject.copy.path()), {"cannot open again", text.native()});
}

TEST_CASE("A working folder that is gone is refused with its path") {
  Subject subject("working_folder");
  const fs::path folder = subject.guest.folder() / "with a space";
  fs::remove(folder);
  expect_refused(restore(subject.copy.path()), {"working folder", folder.native()});
}

TEST_CASE("An image without an external range that it needs is refused") {
  Subject subject("external_ranges");
  expect_refused(restore(subject.copy.path()), {"external range", "ext:TAG:FD:OFFSET"});
}

TEST_CASE("An image captured outside a PID namespace is not restored in one") {
  Subject subject;
  expect_refused(restore(subject.copy.path(), {"pidns"}), {"captured outside a PID namespace"});
  Clone clone = start_clone(subject.copy.path(), Pids::kKept);
  expect_refused(finish(std::move(clone)), {"captured outside a PID namespace"});
}

TEST_CASE("An order for a PID namespace is refused where there is none") {
  Subject subject("program_data", Pids::kKept);
  expect_refused(restore(subject.copy.path(), {"pidns"}), {"pidns", "not pid 1"});
}

TEST_CASE("Malformed orders are refused with the order") {
  Subject subject("handed_descriptors");
  const fs::path& image = subject.copy.path();
  expect_refused(Guest::run_program(FW_BIN_DIR "/fwrun-restore", Pids::kPatched, {}), {"usage"});
  expect_refused(restore(image, {"nonsense"}), {"unknown order", "nonsense"});
  expect_refused(restore(image, {"fd:3"}), {"malformed order", "fd:3"});
  expect_refused(restore(image, {"fd:x:4"}), {"malformed order", "fd:x:4"});
  expect_refused(restore(image, {"fd:1:2:3"}), {"malformed order", "fd:1:2:3"});
  expect_refused(restore(image, {"fd:99999999999:4"}), {"malformed order"});
  expect_refused(restore(image, {"cpu:12x"}), {"malformed order", "cpu:12x"});
  expect_refused(restore(image, {"fd:0:3"}), {"a descriptor lies among the image's own"});
  expect_refused(restore(image, {"fd:50:60"}), {"cannot hand on a descriptor"});
  expect_refused(restore(image, std::vector<std::string>(17, "fd:0:0")), {"too many descriptors"});
  expect_refused(restore(image, std::vector<std::string>(17, "ext:1:100:0")),
                 {"too many external ranges"});
  expect_refused(restore("@700"), {"cannot read", "no such descriptor"});
}

TEST_CASE("A limit on descriptors that is too low for the image is reported") {
  Subject subject("descriptor_numbers");
  rlimit former{};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &former) == 0);
  const rlimit low{100, former.rlim_max};
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &low) == 0);
  const Outcome outcome = restore(subject.copy.path());
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &former) == 0);
  expect_refused(outcome, {"descriptor"});
}
