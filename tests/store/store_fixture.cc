#include "tests/store/store_fixture.h"

#include <algorithm>
#include <filesystem>
#include <vector>

namespace fw::testing {

std::string tree_of(const store::Home& home) {
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(home.root())) {
    paths.push_back(entry.path().lexically_relative(home.root()));
  }
  std::sort(paths.begin(), paths.end());
  std::string text;
  for (const std::string& path : paths) text += path + "\n";
  return text;
}

}  // namespace fw::testing
