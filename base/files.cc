#include "base/files.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/stat.h>

#include <cerrno>
#include <charconv>
#include <cstdio>

namespace fw {

Result<UniqueFd> open_file(const std::filesystem::path& path, int flags, unsigned mode) {
  UniqueFd fd(::open(path.c_str(), flags | O_CLOEXEC, mode));
  if (!fd) return fail_errno("open " + path.string());
  return fd;
}

Result<std::string> read_file(const std::filesystem::path& path, std::size_t limit) {
  FW_TRY_ASSIGN(UniqueFd fd, open_file(path, O_RDONLY));
  std::string content;
  for (;;) {
    constexpr std::size_t kChunk = 64 * 1024;
    const std::size_t had = content.size();
    content.resize(had + kChunk);
    const ssize_t n = ::read(fd.get(), content.data() + had, kChunk);
    if (n < 0 && errno == EINTR) {
      content.resize(had);
      continue;
    }
    if (n < 0) return fail_errno("read " + path.string());
    content.resize(had + static_cast<std::size_t>(n));
    if (n == 0) return content;
    if (content.size() > limit) {
      return fail(Errc::kBadInput, path.string() + " is larger than the " + std::to_string(limit) +
                                       " bytes allowed");
    }
  }
}

Status write_all(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::write(fd, bytes.data(), bytes.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fail_errno("write");
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  return {};
}

Status sync_folder(const std::filesystem::path& folder) {
  FW_TRY_ASSIGN(UniqueFd fd, open_file(folder, O_RDONLY | O_DIRECTORY));
  if (::fsync(fd.get()) != 0) return fail_errno("fsync " + folder.string());
  return {};
}

namespace {
// Random, not the pid: two threads may write the same file, and so may two
// processes that are both pid 1, each of its own namespace.
Result<std::filesystem::path> name_beside(const std::filesystem::path& path) {
  std::uint64_t random = 0;
  if (::getrandom(&random, sizeof random, 0) != sizeof random) return fail_errno("getrandom");
  char digits[16];
  char* const end = std::to_chars(digits, digits + sizeof digits, random, 16).ptr;
  std::filesystem::path beside = path;
  beside += ".new-" + std::string(digits, end);
  return beside;
}

Status write_and_sync(const std::filesystem::path& path, std::string_view content, unsigned mode) {
  FW_TRY_ASSIGN(UniqueFd fd, open_file(path, O_WRONLY | O_CREAT | O_EXCL, mode));
  if (Status written = write_all(fd.get(), content); !written) {
    return fail(std::move(written).error().context(path.string()));
  }
  if (::fsync(fd.get()) != 0) return fail_errno("fsync " + path.string());
  return {};
}
}  // namespace

Status write_file_atomically(const std::filesystem::path& path, std::string_view content,
                             unsigned mode) {
  FW_TRY_ASSIGN(const std::filesystem::path temporary, name_beside(path));
  Status written = write_and_sync(temporary, content, mode);
  if (written && ::rename(temporary.c_str(), path.c_str()) != 0) {
    written = fail_errno("rename " + temporary.string() + " to " + path.string());
  }
  if (!written) {
    ::unlink(temporary.c_str());
    return written;
  }
  return sync_folder(path.parent_path().empty() ? "." : path.parent_path());
}

Result<UniqueFd> create_memfd(const char* name) {
  UniqueFd fd(::memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (!fd) return fail_errno(std::string("memfd_create ") + name);
  return fd;
}

}  // namespace fw
