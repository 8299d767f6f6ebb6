#include "fwrun/daemon/admin_token.h"

#include <fcntl.h>
#include <sys/stat.h>

#include "base/files.h"

namespace fw::daemon {

namespace {

constexpr std::size_t kLeast = 16;
constexpr std::size_t kMost = 4096;

}  // namespace

Result<std::string> read_admin_token(const std::filesystem::path& file) {
  if (file.empty()) return std::string();
  FW_TRY_ASSIGN(const UniqueFd fd, open_file(file, O_RDONLY));
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) return fail_errno("fstat " + file.string());
  if ((status.st_mode & 077) != 0) {
    return fail(Errc::kBadInput, "the token in " + file.string() +
                                     " can be read by others than its owner: chmod 600 it");
  }
  FW_TRY_ASSIGN(std::string token, read_file(file, kMost));
  const char* const kSpace = " \t\r\n";
  token.erase(0, token.find_first_not_of(kSpace));
  token.erase(token.find_last_not_of(kSpace) + 1);
  if (token.size() < kLeast) {
    return fail(Errc::kBadInput, "the token in " + file.string() + " has " +
                                     std::to_string(token.size()) + " characters; at least " +
                                     std::to_string(kLeast) + " are needed");
  }
  return token;
}

}  // namespace fw::daemon
