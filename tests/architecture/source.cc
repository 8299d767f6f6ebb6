#include "tests/architecture/source.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdio>
#include <memory>

#include "base/files.h"

namespace fw::architecture {
namespace {

namespace fs = std::filesystem;

// What `git -C root ls-files -z` says; empty when that fails.
std::string git_listing(const fs::path& root) {
  const std::string command = "git -C '" + root.string() + "' ls-files -z 2>/dev/null";
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen(command.c_str(), "r"), &::pclose);
  std::string listing;
  std::array<char, 4096> buffer{};
  if (!pipe) return listing;
  for (std::size_t n = 0; (n = std::fread(buffer.data(), 1, buffer.size(), pipe.get())) > 0;) {
    listing.append(buffer.data(), n);
  }
  return listing;
}

std::vector<std::string> paths_below(const fs::path& root) {
  std::vector<std::string> paths;
  const std::string listing = git_listing(root);
  for (std::size_t at = 0; at < listing.size();) {
    const std::size_t end = listing.find('\0', at);
    paths.push_back(listing.substr(at, end - at));
    at = end + 1;
  }
  if (!listing.empty()) return paths;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root)) {
    if (entry.is_regular_file()) paths.push_back(fs::relative(entry.path(), root).string());
  }
  return paths;
}

bool ends_with_any(std::string_view path, std::initializer_list<std::string_view> endings) {
  return std::any_of(endings.begin(), endings.end(),
                     [&](std::string_view ending) { return path.ends_with(ending); });
}

// Where the literal that begins at `at` ends, past its last quote.
std::size_t literal_end(std::string_view text, std::size_t at) {
  const char quote = text[at];
  if (quote == '"' && at > 0 && text[at - 1] == 'R') {
    const std::size_t open = text.find('(', at);
    if (open == std::string_view::npos) return text.size();
    const std::string close = ")" + std::string(text.substr(at + 1, open - at - 1)) + "\"";
    const std::size_t end = text.find(close, open);
    return end == std::string_view::npos ? text.size() : end + close.size();
  }
  for (++at; at < text.size() && text[at] != quote && text[at] != '\n'; ++at) {
    if (text[at] == '\\') ++at;
  }
  return std::min(at + 1, text.size());
}

// Not the ' of 1'000.
bool begins_literal(std::string_view text, std::size_t at) {
  if (text[at] == '"') return true;
  return text[at] == '\'' &&
         (at == 0 || std::isalnum(static_cast<unsigned char>(text[at - 1])) == 0);
}

std::size_t comment_end(std::string_view text, std::size_t at) {
  const bool block = text[at + 1] == '*';
  const std::size_t end = block ? text.find("*/", at + 2) : text.find('\n', at);
  if (end == std::string_view::npos) return text.size();
  return block ? end + 2 : end;
}

}  // namespace

Result<std::vector<SourceFile>> load_tree(const fs::path& root) {
  std::vector<SourceFile> files;
  for (std::string& path : paths_below(root)) {
    if (!fs::is_regular_file(root / path)) continue;
    FW_TRY_ASSIGN(std::string text, read_file(root / path));
    if (text.find('\0') == std::string::npos) files.push_back({std::move(path), std::move(text)});
  }
  return files;
}

bool is_cpp(const SourceFile& file) {
  return ends_with_any(file.path, {".cc", ".cpp", ".h", ".hpp", ".c", ".S"});
}

bool is_code(const SourceFile& file) {
  return is_cpp(file) || ends_with_any(file.path, {".js", ".cjs", ".mjs", ".py", ".sh", ".cmake",
                                                   "CMakeLists.txt"});
}

std::string without_comments(std::string_view text, Literals literals) {
  std::string code(text);
  const auto blank = [&](std::size_t from, std::size_t to) {
    for (; from < to; ++from) {
      if (code[from] != '\n') code[from] = ' ';
    }
  };
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t from = at;
    if (begins_literal(text, at)) {
      at = literal_end(text, at);
      if (literals == Literals::kBlank) blank(from + 1, at - 1);
    } else if (text.substr(at, 2) == "//" || text.substr(at, 2) == "/*") {
      at = comment_end(text, at);
      blank(from, at);
    } else {
      ++at;
    }
  }
  return code;
}

}  // namespace fw::architecture
