#include "snapshot/image/reader.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "base/files.h"
#include "snapshot/image/validate.h"

namespace fw::image {

Result<ImageReader> ImageReader::open(const std::filesystem::path& path) {
  FW_TRY_ASSIGN(const UniqueFd fd, open_file(path, O_RDONLY));
  return of_fd(fd.get(), path.string());
}

Result<ImageReader> ImageReader::of_fd(int fd, std::string name) {
  const auto refused = [&name](const char* why) {
    return fail(Errc::kRefused, "image " + name + " is refused: " + why);
  };
  struct stat status {};
  if (::fstat(fd, &status) != 0) return fail_errno("stat " + name);
  const auto size = static_cast<std::uint64_t>(status.st_size);
  if (size < kPage) return refused("too short to be an image");
  FW_TRY_ASSIGN(Mapping file, Mapping::of_file(fd, size, PROT_READ, Mapping::Share::kShared));
  PlanLocation location{};
  if (const char* wrong = locate_plan(file.data(), kPage, size, &location)) return refused(wrong);
  const auto* plan =
      reinterpret_cast<const Plan*>(file.data() + location.note_offset + kPlanNoteHeader);
  if (const char* wrong = validate_plan(plan, location.plan_bytes, size)) return refused(wrong);
  return ImageReader(std::move(name), std::move(file), plan);
}

}  // namespace fw::image
