#include "store/executables.h"

#include <unistd.h>

#include <string>
#include <system_error>

namespace fw::store {

namespace fs = std::filesystem;

Result<fs::path> find_executable(std::string_view name) {
  std::error_code error;
  const fs::path self = fs::read_symlink("/proc/self/exe", error);
  if (error) return fail(Error::from_errno("read /proc/self/exe", error.value()));
  const fs::path beside = self.parent_path() / name;
  const fs::path libexec = self.parent_path().parent_path() / "libexec/fwrun" / name;
  for (const fs::path& candidate : {beside, libexec}) {
    if (::access(candidate.c_str(), X_OK) == 0) return candidate;
  }
  return fail(Errc::kInternal, "the program " + std::string(name) + " is missing: neither " +
                                   beside.string() + " nor " + libexec.string() + " can be run");
}

}  // namespace fw::store
