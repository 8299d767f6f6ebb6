#include "store/tree.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "base/files.h"

namespace fw::store {

namespace fs = std::filesystem;

namespace {

Status remove_once(const fs::path& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) {
    if (errno == ENOENT) return {};
    return fail_errno("stat " + path.string());
  }
  if (!S_ISDIR(status.st_mode)) {
    if (::unlink(path.c_str()) != 0 && errno != ENOENT)
      return fail_errno("delete " + path.string());
    return {};
  }
  std::error_code error;
  for (fs::directory_iterator it(path, error), end; !error && it != end; it.increment(error)) {
    FW_TRY(remove_once(it->path()));
  }
  if (error && error.value() != ENOENT) {
    return fail(Error::from_errno("list " + path.string(), error.value()));
  }
  if (::rmdir(path.c_str()) != 0 && errno != ENOENT) return fail_errno("delete " + path.string());
  return {};
}

}  // namespace

Status remove_tree(const fs::path& path) {
  // A killed install's host may still be writing its last file when its folder
  // is swept: look again.
  constexpr int kAttempts = 3;
  Status removed;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    removed = remove_once(path);
    if (removed || removed.error().sys_errno() != ENOTEMPTY) break;
  }
  return removed;
}

Status sync_tree(const fs::path& folder) {
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; !error && it != end; it.increment(error)) {
    const fs::file_status status = it->symlink_status(error);
    if (error) break;
    if (status.type() == fs::file_type::directory) FW_TRY(sync_tree(it->path()));
    if (status.type() != fs::file_type::regular) continue;
    FW_TRY_ASSIGN(UniqueFd fd, open_file(it->path(), O_RDONLY));
    if (::fsync(fd.get()) != 0) return fail_errno("fsync " + it->path().string());
  }
  if (error) return fail(Error::from_errno("list " + folder.string(), error.value()));
  return sync_folder(folder);
}

}  // namespace fw::store
