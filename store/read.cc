#include "store/read.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace fw::store {

namespace {

// How much to ask for at once: a file whole, with a byte more to see its end; of a
// pipe as much as it holds.
std::size_t chunk_of(int fd) {
  constexpr std::size_t kPipe = 64 * 1024;
  constexpr std::size_t kMost = std::size_t{16} << 20;
  struct stat status {};
  if (::fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) return kPipe;
  return std::min(static_cast<std::size_t>(status.st_size) + 1, kMost);
}

}  // namespace

Result<std::string> read_to_end(int fd, std::string_view what, std::size_t limit) {
  const std::size_t chunk = chunk_of(fd);
  std::string content;
  for (;;) {
    const std::size_t had = content.size();
    content.resize(had + chunk);
    const ssize_t n = ::read(fd, content.data() + had, chunk);
    const int error = errno;
    content.resize(had + static_cast<std::size_t>(std::max<ssize_t>(n, 0)));
    if (n == 0) return content;
    if (n < 0 && error == EINTR) continue;
    if (n < 0) return fail(Error::from_errno("read " + std::string(what), error));
    if (content.size() > limit) {
      return fail(Errc::kBadInput, std::string(what) + " is larger than the " +
                                       std::to_string(limit) + " bytes allowed");
    }
  }
}

Result<std::string> read_head(int fd, std::size_t limit, std::size_t& cut) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) return fail_errno("fstat");
  const auto size = static_cast<std::size_t>(status.st_size);
  std::string content(std::min(size, limit), '\0');
  cut = size - content.size();
  std::size_t done = 0;
  while (done < content.size()) {
    const ssize_t n =
        ::pread(fd, content.data() + done, content.size() - done, static_cast<off_t>(done));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return fail_errno("pread");
    if (n == 0) break;
    done += static_cast<std::size_t>(n);
  }
  content.resize(done);
  return content;
}

}  // namespace fw::store
