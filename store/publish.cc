#include "store/publish.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>

#include "base/files.h"
#include "store/catalog.h"
#include "store/folder_lock.h"
#include "store/name.h"
#include "store/sweep.h"
#include "store/tree.h"

namespace fw::store {

namespace fs = std::filesystem;

namespace {

Status move(const fs::path& from, const fs::path& to) {
  if (std::rename(from.c_str(), to.c_str()) == 0) return {};
  return fail_errno("move " + from.string() + " to " + to.string());
}

Status make_folder(const fs::path& path) {
  if (::mkdir(path.c_str(), 0700) != 0) return fail_errno("create " + path.string());
  return {};
}

Status point_at(const fs::path& link, std::uint64_t version) {
  const std::string target = "versions/" + std::to_string(version);
  if (::symlink(target.c_str(), link.c_str()) != 0) return fail_errno("create " + link.string());
  return {};
}

// The whole folder of the function is built aside and appears at once.
Status publish_first(const Home& home, const Staging& staging) {
  const fs::path built = staging.folder() / "function";
  FW_TRY(make_folder(built));
  FW_TRY(make_folder(built / "versions"));
  FW_TRY(move(staging.version_folder(), built / "versions" / std::to_string(staging.version())));
  FW_TRY(point_at(built / "current", staging.version()));
  FW_TRY(sync_folder(built / "versions"));
  FW_TRY(sync_folder(built));
  FW_TRY(move(built, home.function(staging.name())));
  return sync_folder(home.functions());
}

// The version is moved in unseen, then `current` turns to it.
Status publish_next(const Home& home, const Staging& staging) {
  const std::string& name = staging.name();
  const fs::path version = home.versions(name) / std::to_string(staging.version());
  FW_TRY(move(staging.version_folder(), version));
  Status turned = sync_folder(home.versions(name));
  const fs::path link = staging.folder() / "current";
  if (turned) turned = point_at(link, staging.version());
  if (turned) turned = move(link, home.current(name));
  if (!turned) {
    (void)move(version, staging.version_folder());
    return turned;
  }
  // A version too many does no harm, and the next install looks again.
  (void)prune_versions(home, name, staging.folder());
  return sync_folder(home.function(name));
}

}  // namespace

Status publish(const Home& home, const Staging& staging) {
  FW_TRY(sync_tree(staging.version_folder()));
  FW_TRY_ASSIGN(const FolderLock lock, FolderLock::wait(home.functions()));
  if (::access(home.function(staging.name()).c_str(), F_OK) == 0) {
    return publish_next(home, staging);
  }
  return publish_first(home, staging);
}

Status remove_function(const Home& home, const std::string& name) {
  // Not open_current(): a damaged function must be removable.
  if (!valid_name(name) || ::access(home.function(name).c_str(), F_OK) != 0) {
    return fail(unknown_function(home, name));
  }
  std::string trash = (home.staging() / "trash.XXXXXX").string();
  {
    // The first lock keeps a sweeper from deleting the trash while it is empty.
    FW_TRY_ASSIGN(const FolderLock sweeping, FolderLock::wait(home.staging()));
    FW_TRY_ASSIGN(const FolderLock publishing, FolderLock::wait(home.functions()));
    if (::mkdtemp(trash.data()) == nullptr) return fail_errno("create " + trash);
    if (Status moved = move(home.function(name), fs::path(trash) / name); !moved) {
      ::rmdir(trash.c_str());
      if (moved.error().sys_errno() == ENOENT) return fail(unknown_function(home, name));
      return moved;
    }
    FW_TRY(sync_folder(home.functions()));
  }
  return remove_tree(trash);
}

}  // namespace fw::store
