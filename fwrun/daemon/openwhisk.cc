#include "fwrun/daemon/openwhisk.h"

#include <stdlib.h>

#include <system_error>
#include <utility>

#include "store/catalog.h"

namespace fw::daemon {

namespace fs = std::filesystem;

ActionHome::ActionHome(ActionHome&& other) noexcept
    : home_(std::move(other.home_)),
      options_(std::move(other.options_)),
      temporary_(std::exchange(other.temporary_, {})) {}

ActionHome::~ActionHome() {
  std::error_code ignored;
  if (!temporary_.empty()) fs::remove_all(temporary_, ignored);
}

Result<ActionHome> ActionHome::make(const store::Home& home, const Options& options) {
  gateway::openwhisk::ActionOptions action;
  action.function = options.action;
  if (!options.action.empty()) {
    FW_TRY_ASSIGN(const store::InstalledVersion version, store::open_current(home, options.action));
    action.memory_mb = version.manifest.memory_mb;
    action.timeout_ms = version.manifest.timeout_ms;
    return ActionHome(home, std::move(action));
  }
  action.language =
      options.kind == "python" ? store::Language::kPython : store::Language::kJavaScript;
  std::error_code error;
  std::string pattern = fs::temp_directory_path(error) / "fwrun-action.XXXXXX";
  if (error || ::mkdtemp(pattern.data()) == nullptr) {
    return fail_errno("make a folder for the action, " + pattern);
  }
  action.folder = fs::path(pattern) / "code";
  ActionHome made(store::Home(fs::path(pattern) / "home"), std::move(action));
  made.temporary_ = pattern;
  if (!fs::create_directory(made.options_.folder, error)) {
    return fail(Error::from_errno("make " + made.options_.folder.string(), error.value()));
  }
  FW_TRY(made.home_.create());
  return made;
}

}  // namespace fw::daemon
