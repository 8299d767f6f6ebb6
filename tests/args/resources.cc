#include "tests/args/resources.h"

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <string>

namespace fw::args {

std::size_t open_descriptors() {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) {
    ++count;
  }
  return count;
}

std::size_t mappings(std::string_view name) {
  std::ifstream maps("/proc/self/maps");
  std::size_t count = 0;
  for (std::string line; std::getline(maps, line);) {
    if (line.find(name) != std::string::npos) ++count;
  }
  return count;
}

std::size_t memory_of(int fd) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) return ~std::size_t{0};
  return static_cast<std::size_t>(status.st_blocks) * 512;
}

}  // namespace fw::args
