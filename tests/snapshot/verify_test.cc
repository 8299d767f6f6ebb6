// What only a verification finds: damage to the head and to the pages.
#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>

#include <cstring>

#include "snapshot/image/reader.h"
#include "tests/snapshot/guest_runner.h"
#include "tests/snapshot/image_file.h"

using namespace fw;
using namespace fw::test;

namespace {

void expect_refused(const std::filesystem::path& image, std::string_view reason) {
  const Result<image::Verified> verified = image::verify_image(image);
  REQUIRE(!verified.has_value());
  INFO(verified.error().message());
  CHECK(verified.error().code() == Errc::kRefused);
  CHECK(verified.error().message().find(image.native()) != std::string::npos);
  CHECK(verified.error().message().find(reason) != std::string::npos);
}

}  // namespace

TEST_CASE("A verification reads every page and every mapped file") {
  const Guest guest("memfd_mapped");
  REQUIRE(guest.capture(Pids::kPatched));
  const Result<image::Verified> verified = image::verify_image(guest.image());
  REQUIRE(verified.has_value());
  CHECK(verified->image_bytes == std::filesystem::file_size(guest.image()));
  Result<image::ImageReader> image = image::ImageReader::open(guest.image());
  REQUIRE(image.has_value());
  CHECK(verified->page_bytes == verified->image_bytes - image->plan().pages_offset);
  CHECK(verified->files == image->plan().files.count);
  CHECK(verified->files >= 3);  // the program, libc, the dynamic linker
}

TEST_CASE("A verification finds a flipped byte in the head, the plan or any page") {
  const Guest guest("memfd_mapped");
  REQUIRE(guest.capture(Pids::kPatched));
  ImageFile copy(guest.image(), guest.folder() / "copy");
  CHECK(image::verify_image(copy.path()).has_value());
  Result<image::ImageReader> image = image::ImageReader::open(guest.image());
  REQUIRE(image.has_value());
  const std::uint64_t pages = image->plan().pages_offset;
  const std::uint64_t second_note = copy.plan_offset() - image::kPlanNoteHeader;

  for (std::uint64_t at = 70; at + 200 < second_note; at += 97) {
    if (at >= 120 && at < 176) continue;  // where the plan lies: found before the checksum
    copy.flip(at);
    CAPTURE(at);
    expect_refused(copy.path(), "altered: the checksum of its head");
    copy.flip(at);
  }
  copy.flip(copy.plan_offset() + 600);
  expect_refused(copy.path(), "altered: the plan's checksum");
  copy.flip(copy.plan_offset() + 600);
  for (std::uint64_t at = pages; at < copy.size(); at += 5 * image::kPage + 11) {
    copy.flip(at);
    CAPTURE(at);
    expect_refused(copy.path(), "altered: ");
    copy.flip(at);
  }
  CHECK(image::verify_image(copy.path()).has_value());
}

TEST_CASE("A verification finds another machine and changed files") {
  const Guest guest("private_file_pages");
  REQUIRE(guest.capture(Pids::kPatched));
  ImageFile copy(guest.image(), guest.folder() / "copy");
  copy.forge([](image::Plan* plan) {
    std::strcpy(plan->fingerprint.kernel_release, "4.19.0-made-elsewhere");
  });
  expect_refused(copy.path(), "4.19.0-made-elsewhere");
  copy.mend();
  copy.forge([](image::Plan* plan) { ++plan->fingerprint.cpu; });
  expect_refused(copy.path(), "a CPU with other features");
  copy.mend();
  // A library replaced by another build of the same size and time.
  copy.forge([](image::Plan* plan) {
    for (std::uint32_t i = 0; i < plan->files.count; ++i) {
      auto& file =
          const_cast<image::MappedFile&>(image::records<image::MappedFile>(plan, plan->files)[i]);
      if (file.build_id_length != 0) ++file.build_id[0];
    }
  });
  expect_refused(copy.path(), "another build");
  copy.mend();
  const std::filesystem::path data = guest.folder() / "data";
  const timespec times[] = {{1, 0}, {1, 0}};
  REQUIRE(::utimensat(AT_FDCWD, data.c_str(), times, 0) == 0);
  expect_refused(copy.path(), data.native() + " has changed");
  std::filesystem::remove(data);
  expect_refused(copy.path(), data.native() + " is gone");
}

TEST_CASE("What is no image cannot be verified") {
  const ScratchFolder folder;
  const Result<image::Verified> missing = image::verify_image(folder / "missing");
  REQUIRE(!missing.has_value());
  CHECK(missing.error().sys_errno() == ENOENT);
  expect_refused("/proc/self/exe", "not an image");
}
