// The rules of docs/architecture.md, read from its tables.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace fw::architecture {

// A row of the include table. Paths are folders or single files.
struct IncludeRow {
  std::string path;
  bool everything = false;
  std::vector<std::string> may_include;
};

struct Rules {
  std::vector<IncludeRow> rows;
  std::size_t max_lines = 0;
  std::vector<std::string> raw_syscall_folders;
  std::vector<std::string> engine_folders;    // V8's and node's C++ headers
  std::vector<std::string> node_api_folders;  // Node-API's and libuv's
  std::vector<std::string> python_folders;

  // The row with the longest path that `path` lies under; null if there is none.
  const IncludeRow* row_of(std::string_view path) const;
};

// Is `path` the folder or file `under`, or below it?
bool lies_under(std::string_view path, std::string_view under);
bool lies_under_any(std::string_view path, const std::vector<std::string>& folders);

// kBadInput when the document lacks a table or a row that is expected of it, or
// names something in a row that is no row.
Result<Rules> parse_rules(std::string_view document);

}  // namespace fw::architecture
