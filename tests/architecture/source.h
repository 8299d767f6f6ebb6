// The files of a source tree, as the architecture's rules look at them.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace fw::architecture {

struct SourceFile {
  std::string path;  // from the top of the tree
  std::string text;
};

// The tracked files below `root`, or every file when it is no git checkout.
// Binary files are left out, and so are tracked files that are deleted.
Result<std::vector<SourceFile>> load_tree(const std::filesystem::path& root);

bool is_cpp(const SourceFile& file);   // C, C++ or assembler
bool is_code(const SourceFile& file);  // any programming language

// The text of a C++ file with its comments blanked out, each at its place; with
// kBlank also what stands between the quotes of literals.
enum class Literals { kKeep, kBlank };
std::string without_comments(std::string_view text, Literals literals = Literals::kKeep);

}  // namespace fw::architecture
