#include "snapshot/cache/folder.h"

#include <linux/magic.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include <cerrno>
#include <cstdlib>

namespace fw::cache {
namespace {

constexpr unsigned kPrivateFolder = 0700;

bool is_tmpfs(const std::filesystem::path& folder) {
  struct statfs filesystem {};
  return ::statfs(folder.c_str(), &filesystem) == 0 && filesystem.f_type == TMPFS_MAGIC;
}

// A mount point of its own, not a folder of some other tmpfs (/run is one).
bool is_mount_point(const std::filesystem::path& folder) {
  struct stat here {};
  struct stat above {};
  return ::stat(folder.c_str(), &here) == 0 && ::stat((folder / "..").c_str(), &above) == 0 &&
         here.st_dev != above.st_dev;
}

}  // namespace

std::filesystem::path default_folder() {
  const char* chosen = std::getenv("FWRUN_CACHE");
  return chosen != nullptr && *chosen != '\0' ? chosen : "/run/fwrun/cache";
}

Status ensure_mounted(const std::filesystem::path& folder) {
  if (is_tmpfs(folder) && is_mount_point(folder)) return {};
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) {
    return fail(Errc::kSystem,
                "cannot make the cache folder " + folder.string() + ": " + error.message());
  }
  ::chmod(folder.c_str(), kPrivateFolder);
  if (::mount("fwrun-cache", folder.c_str(), "tmpfs", MS_NOSUID | MS_NODEV,
              "huge=always,mode=0700") != 0) {
    return fail_errno("cannot mount a tmpfs with huge pages at " + folder.string());
  }
  return {};
}

Status unmount(const std::filesystem::path& folder) {
  if (!is_mount_point(folder)) return {};
  if (::umount2(folder.c_str(), MNT_DETACH) != 0) {
    return fail_errno("cannot unmount " + folder.string());
  }
  return {};
}

}  // namespace fw::cache
