// External ranges that make no sense are refused as the caller's mistake, by tag.
#include <sys/mman.h>

#include "tests/guests/guest.h"

using namespace fw::guest;

namespace {

const char* image = nullptr;

void expect_mistake(const fw_snapshot_external* externals, std::size_t count,
                    std::string_view words) {
  fw_snapshot_request request{};
  request.image_path = image;
  request.externals = externals;
  request.external_count = count;
  fw_snapshot_report report{};
  EXPECT_EQ(fw_snapshot_here(&request, &report), -EINVAL);
  const std::string reason = report.reason;
  if (reason.find(words) == std::string::npos) die(__FILE__, __LINE__, "reason: " + reason);
}

}  // namespace

int main(int, char** argv) {
  image = argv[1];
  char* memory = map_anonymous(8 * kPage, PROT_READ | PROT_WRITE);
  const fw_snapshot_external shifted[] = {{1, memory + 1, kPage}};
  expect_mistake(shifted, 1, "external range 1 is not page aligned");
  const fw_snapshot_external odd[] = {{2, memory, kPage + 1}};
  expect_mistake(odd, 1, "external range 2 is not page aligned");
  const fw_snapshot_external empty[] = {{3, memory, 0}};
  expect_mistake(empty, 1, "external range 3");
  const fw_snapshot_external beyond[] = {{FW_SNAPSHOT_MAX_EXTERNALS, memory, kPage}};
  expect_mistake(beyond, 1, "tags go from 0 to 7");
  const fw_snapshot_external twice[] = {{1, memory, kPage}, {1, memory + kPage, kPage}};
  expect_mistake(twice, 2, "external range 1 is given twice");
  const fw_snapshot_external overlapping[] = {{1, memory, 2 * kPage}, {2, memory + kPage, kPage}};
  expect_mistake(overlapping, 2, "external ranges 1 and 2 overlap");
  fw_snapshot_external many[FW_SNAPSHOT_MAX_EXTERNALS + 1];
  for (std::uint32_t i = 0; i <= FW_SNAPSHOT_MAX_EXTERNALS; ++i) {
    many[i] = {i, memory + i * kPage, kPage};
  }
  expect_mistake(many, FW_SNAPSHOT_MAX_EXTERNALS + 1, "more than 8 external ranges");
  EXPECT_EQ(fw_snapshot_here(nullptr, nullptr), -EINVAL);
  const fw_snapshot_request nameless{};
  EXPECT_EQ(fw_snapshot_here(&nameless, nullptr), -EINVAL);
  EXPECT_OK(::munmap(memory + 4 * kPage, kPage));
  const fw_snapshot_external holey[] = {{5, memory + 3 * kPage, 3 * kPage}};
  expect_mistake(holey, 1, "external range 5 is not mapped");
  snapshot(image);
}
