// Which node a restore has to be compared with: the newest there is.
#pragma once

#include <array>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace fw::bench {

struct Node {
  std::filesystem::path program;
  std::string version;  // "20.11.1"
};

// "v20.11.1\n" to its numbers.
std::optional<std::array<unsigned, 3>> parse_node_version(std::string_view text);

// Executables called node or nodejs, with or without a version in the name, in
// the folders of `path` (as in $PATH) and where version managers and vendors put
// them: below `home` and below /usr/local, /opt and /snap. Each file once.
std::vector<std::filesystem::path> find_nodes(std::string_view path,
                                              const std::filesystem::path& home);

// The one with the highest version of those that tell it (`--version`).
// kNotFound when there is none.
Result<Node> newest_node(const std::vector<std::filesystem::path>& candidates);

}  // namespace fw::bench
