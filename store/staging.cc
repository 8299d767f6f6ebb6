#include "store/staging.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <utility>
#include <vector>

#include "store/catalog.h"
#include "store/sweep.h"
#include "store/tree.h"

namespace fw::store {

namespace {

// A new, locked staging folder, or nullopt when a live install holds it.
//
// Under the lock on staging/ itself, which the sweeper holds too: so nobody
// takes the folder for a dead one in the instant before it is locked.
Result<std::optional<FolderLock>> claim(const Home& home, const std::string& name) {
  const std::filesystem::path folder = home.staging() / name;
  FW_TRY_ASSIGN(const FolderLock all, FolderLock::wait(home.staging()));
  if (::mkdir(folder.c_str(), 0700) != 0) {
    if (errno != EEXIST) return fail_errno("create " + folder.string());
    FW_TRY_ASSIGN(const std::optional<FolderLock> dead, FolderLock::try_now(folder));
    if (!dead) return std::optional<FolderLock>();
    FW_TRY(sweep_install(home, name));
    if (::mkdir(folder.c_str(), 0700) != 0) return fail_errno("create " + folder.string());
  }
  return FolderLock::try_now(folder);
}

}  // namespace

Result<Staging> Staging::begin(const Home& home, const std::string& name,
                               const std::function<void()>& waiting) {
  const std::filesystem::path folder = home.staging() / name;
  for (bool told = false;;) {
    FW_TRY_ASSIGN(std::optional<FolderLock> lock, claim(home, name));
    if (lock) {
      Staging staging(name, folder, std::move(*lock));
      FW_TRY(staging.prepare(home));
      return staging;
    }
    if (!std::exchange(told, true) && waiting) waiting();
    const Result<FolderLock> ended = FolderLock::wait(folder);
    if (!ended && ended.error().sys_errno() != ENOENT) return fail(ended.error());
  }
}

Status Staging::prepare(const Home& home) {
  if (::mkdir(version_folder().c_str(), 0700) != 0) {
    return fail_errno("create " + version_folder().string());
  }
  FW_TRY_ASSIGN(const std::vector<std::uint64_t> versions, list_versions(home, name_));
  version_ = versions.empty() ? 1 : versions.back() + 1;
  return {};
}

Staging::Staging(Staging&& other) noexcept
    : name_(std::move(other.name_)),
      folder_(std::exchange(other.folder_, {})),
      version_(other.version_),
      lock_(std::move(other.lock_)) {}

Staging::~Staging() {
  // What cannot be deleted now, the next command sweeps.
  if (!folder_.empty()) (void)remove_tree(folder_);
}

}  // namespace fw::store
