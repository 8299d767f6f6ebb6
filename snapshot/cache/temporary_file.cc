#include "snapshot/cache/temporary_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>

namespace fw::cache {

Result<TemporaryFile> TemporaryFile::create(const std::filesystem::path& final_path,
                                            std::uint64_t size) {
  std::string pattern = final_path.string() + ".XXXXXX";
  UniqueFd fd(::mkostemp(pattern.data(), O_CLOEXEC));
  if (!fd) return fail_errno("create " + pattern);
  TemporaryFile file(final_path, pattern, std::move(fd));
  if (::ftruncate(file.fd(), static_cast<off_t>(size)) != 0) return fail_errno("size " + pattern);
  return file;
}

TemporaryFile::~TemporaryFile() {
  if (fd_) ::unlink(path_.c_str());
}

Status TemporaryFile::publish() {
  if (::rename(path_.c_str(), final_path_.c_str()) != 0) {
    return fail_errno("rename " + path_.string() + " to " + final_path_.string());
  }
  fd_.reset();
  return {};
}

Status write_at(int fd, std::uint64_t offset, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t n = ::pwrite(fd, bytes.data(), bytes.size(), static_cast<off_t>(offset));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fail_errno("write to the cache");
    bytes = bytes.subspan(static_cast<std::size_t>(n));
    offset += static_cast<std::uint64_t>(n);
  }
  return {};
}

}  // namespace fw::cache
