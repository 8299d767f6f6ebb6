#include "store/folder_lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <cerrno>

#include "base/files.h"

namespace fw::store {

namespace {

// The locked folder; no descriptor when it is locked and `how` says not to wait.
Result<UniqueFd> take(const std::filesystem::path& folder, int how) {
  for (;;) {
    FW_TRY_ASSIGN(UniqueFd fd, open_file(folder, O_RDONLY | O_DIRECTORY));
    int taken = -1;
    do {
      taken = ::flock(fd.get(), how);
    } while (taken != 0 && errno == EINTR);
    if (taken != 0 && errno == EWOULDBLOCK) return UniqueFd();
    if (taken != 0) return fail_errno("lock " + folder.string());

    // Whoever held it may have moved the folder away: then this lock is on
    // something that nobody will look at.
    struct stat locked {};
    struct stat there {};
    if (::fstat(fd.get(), &locked) != 0) return fail_errno("stat " + folder.string());
    if (::stat(folder.c_str(), &there) != 0) return fail_errno("stat " + folder.string());
    if (locked.st_dev == there.st_dev && locked.st_ino == there.st_ino) {
      return fd;
    }
  }
}

}  // namespace

Result<FolderLock> FolderLock::wait(const std::filesystem::path& folder) {
  FW_TRY_ASSIGN(UniqueFd fd, take(folder, LOCK_EX));
  return FolderLock(std::move(fd));
}

Result<std::optional<FolderLock>> FolderLock::try_now(const std::filesystem::path& folder) {
  FW_TRY_ASSIGN(UniqueFd fd, take(folder, LOCK_EX | LOCK_NB));
  if (!fd) return std::optional<FolderLock>();
  return std::optional<FolderLock>(FolderLock(std::move(fd)));
}

}  // namespace fw::store
