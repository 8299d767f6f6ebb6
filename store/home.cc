#include "store/home.h"

#include <unistd.h>

#include <cstdlib>
#include <system_error>

namespace fw::store {

namespace fs = std::filesystem;

namespace {

// An unset and an empty variable mean the same.
const char* variable(const char* name) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0' ? value : nullptr;
}

Status make_private_folder(const fs::path& folder) {
  std::error_code error;
  if (fs::create_directories(folder, error)) {
    fs::permissions(folder, fs::perms::owner_all, error);
  }
  if (error) return fail(Error::from_errno("create " + folder.string(), error.value()));
  return {};
}

}  // namespace

Result<Home> Home::from_environment() {
  if (const char* home = variable("FWRUN_HOME")) {
    std::error_code error;
    fs::path root = fs::absolute(home, error);
    if (error) return fail(Error::from_errno("FWRUN_HOME", error.value()));
    return Home(std::move(root));
  }
  if (::geteuid() == 0) return Home("/var/lib/fwrun");
  // The XDG specification: a relative path is invalid and to be ignored.
  if (const char* data = variable("XDG_DATA_HOME"); data != nullptr && *data == '/') {
    return Home(fs::path(data) / "fwrun");
  }
  if (const char* home = variable("HOME")) return Home(fs::path(home) / ".local/share/fwrun");
  return fail(Errc::kBadInput,
              "where to keep functions is unknown: set FWRUN_HOME to a folder of your own");
}

Status Home::create() const {
  FW_TRY(make_private_folder(root_));
  FW_TRY(make_private_folder(functions()));
  return make_private_folder(staging());
}

}  // namespace fw::store
