#include "args/shm/sealed_memfd.h"

#include <sys/stat.h>

#include <cerrno>

#include "base/files.h"

namespace fw::args {

Result<UniqueFd> seal_into_memfd(std::string_view bytes) {
  FW_TRY_ASSIGN(UniqueFd fd, create_memfd("fwrun-payload"));
  if (Status written = write_all(fd.get(), bytes); !written) {
    return fail(std::move(written).error().context(
        "copy a payload of " + std::to_string(bytes.size()) + " bytes to a memfd"));
  }
  if (::fcntl(fd.get(), F_ADD_SEALS, kPayloadSeals) != 0) return fail_errno("seal a memfd");
  return fd;
}

Status check_sealed(int fd, std::size_t size) {
  // Only files in memory have seals: anything else (a pipe, a file that somebody
  // serves slowly, a device) fails here.
  const int seals = ::fcntl(fd, F_GET_SEALS);
  if (seals < 0) return fail(Errc::kBadInput, "it is not a memfd");
  if ((seals & kPayloadSeals) != kPayloadSeals) {
    return fail(Errc::kBadInput, "it is a memfd that can still change (seals " +
                                     std::to_string(seals) + ", needed " +
                                     std::to_string(kPayloadSeals) + ")");
  }
  struct stat status {};
  if (::fstat(fd, &status) != 0) return fail_errno("fstat of a memfd");
  if (status.st_size < 0 || static_cast<std::size_t>(status.st_size) != size) {
    return fail(Errc::kBadInput, "it holds " + std::to_string(status.st_size) + " bytes, not " +
                                     std::to_string(size));
  }
  return {};
}

Result<std::string> read_sealed(int fd, std::size_t size) {
  FW_TRY(check_sealed(fd, size));
  std::string bytes(size, '\0');
  std::size_t done = 0;
  while (done < size) {
    const ssize_t n = ::pread(fd, bytes.data() + done, size - done, static_cast<off_t>(done));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fail(Errc::kBadInput, Error::from_errno("it cannot be read").message());
    if (n == 0) return fail(Errc::kBadInput, "it ends early");
    done += static_cast<std::size_t>(n);
  }
  return bytes;
}

}  // namespace fw::args
