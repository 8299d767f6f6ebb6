#include "tests/guests/resets/notebook.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cstring>

#include "tests/guests/guest.h"

namespace fw::guest {
namespace {

std::uint32_t count_descriptors() {
  std::uint32_t n = 0;
  for (int fd = 0; fd < 1100; ++fd) {
    if (::fcntl(fd, F_GETFD) != -1) ++n;
  }
  return n;
}

std::uint32_t count_mappings() {
  const std::string maps = contents("/proc/self/maps");
  std::uint32_t lines = 0;
  for (const char c : maps) lines += c == '\n' ? 1 : 0;
  return lines;
}

void note_awakening(Notebook* notebook) {
  fw_snapshot_wake wake{};
  EXPECT_EQ(fw_snapshot_woken(&wake), 0);
  ++notebook->woken[wake.how];
  notebook->last_how = wake.how;
  fw_restore_times times{};
  EXPECT_EQ(fw_snapshot_restore_times(&times), 0);
  EXPECT(times.started <= times.checked && times.checked <= times.mapped &&
         times.mapped <= times.descriptors && times.descriptors <= times.threads &&
         times.threads <= times.resumed);
  if (notebook->rounds > 0) notebook->total_ns += times.resumed - times.started;
  if (wake.reset_pages > notebook->most_pages) notebook->most_pages = wake.reset_pages;
}

}  // namespace

int be_reset(const char* image, const Deed* deeds, std::size_t count,
             void (*inspect)(Notebook* notebook)) {
  auto* notebook = static_cast<Notebook*>(
      ::mmap(nullptr, kNotebookBytes, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0));
  EXPECT(notebook != MAP_FAILED);
  const fw_snapshot_external external{kNotebookTag, notebook, kNotebookBytes};
  fw_snapshot_request request{};
  request.image_path = image;
  request.externals = &external;
  request.external_count = 1;
  fw_snapshot_report report;
  const int result = fw_snapshot_here(&request, &report);
  if (result < 0) die(__FILE__, __LINE__, report.reason);
  if (result == 0) return 0;

  note_awakening(notebook);
  const std::uint32_t round = notebook->rounds++;
  const bool last = round == notebook->wanted;
  if (round == 1) {
    notebook->first_descriptors = count_descriptors();
    notebook->first_mappings = count_mappings();
  }
  if (last) {
    notebook->descriptors = count_descriptors();
    notebook->mappings = count_mappings();
  }
  // What inspect() finds it may change: that is watched, too.
  if (notebook->watch != 0) fw_snapshot_watch(1);
  if (inspect != nullptr) inspect(notebook);
  if (last) return 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (std::strcmp(deeds[i].name, notebook->deed) != 0) continue;
    deeds[i].run(notebook);
    if (notebook->watch != 0) fw_snapshot_watch(0);
    EXPECT_EQ(fw_snapshot_reset(), 0);
  }
  die(__FILE__, __LINE__, "the guest knows no such deed");
}

}  // namespace fw::guest
