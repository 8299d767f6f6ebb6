#include "embed/bind_now.h"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string_view>

namespace fw::embed {

void bind_all_symbols_now(char** argv) {
  constexpr char kVariable[] = "LD_BIND_NOW";
  constexpr char kMark[] = "fwrun";
  const char* value = std::getenv(kVariable);
  if (value != nullptr && value == std::string_view(kMark)) {
    ::unsetenv(kVariable);
    return;
  }
  if (value != nullptr) return;  // bound already
  // By its path, so that the process keeps its name.
  std::error_code error;
  const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", error);
  if (error) return;
  ::setenv(kVariable, kMark, 1);
  ::execv(self.c_str(), argv);
  ::unsetenv(kVariable);
}

}  // namespace fw::embed
