#include "tests/architecture/rules.h"

#include <algorithm>
#include <charconv>

namespace fw::architecture {
namespace {

constexpr std::string_view kIncludeHeading = "## Who may include whom";
constexpr std::string_view kOtherHeading = "## Other rules that are checked";

using Cells = std::vector<std::string>;

std::string_view trim(std::string_view text) {
  const std::size_t first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(' ') - first + 1);
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return lines;
}

Cells cells_of(std::string_view line) {
  Cells cells;
  line.remove_prefix(1);
  for (std::size_t end = 0; (end = line.find('|')) != std::string_view::npos;) {
    cells.emplace_back(trim(line.substr(0, end)));
    line.remove_prefix(end + 1);
  }
  return cells;
}

// The body of the first table after `heading`, without its head and rule.
Result<std::vector<Cells>> table_after(std::string_view document, std::string_view heading) {
  std::vector<Cells> rows;
  bool below = false;
  for (const std::string_view line : lines_of(document)) {
    if (line == heading) below = true;
    if (!below) continue;
    if (line.starts_with('|')) {
      rows.push_back(cells_of(line));
    } else if (!rows.empty()) {
      break;
    }
  }
  if (rows.size() < 3) {
    return fail(Errc::kBadInput, "no table under the heading '" + std::string(heading) + "'");
  }
  rows.erase(rows.begin(), rows.begin() + 2);
  return rows;
}

// `a` `b`: the words between backquotes.
std::vector<std::string> quoted_words(std::string_view cell) {
  std::vector<std::string> words;
  for (std::size_t open = 0; (open = cell.find('`')) != std::string_view::npos;) {
    const std::size_t close = std::min(cell.find('`', open + 1), cell.size());
    words.emplace_back(cell.substr(open + 1, close - open - 1));
    cell.remove_prefix(std::min(close + 1, cell.size()));
  }
  return words;
}

Status parse_include_table(std::string_view document, Rules& rules) {
  FW_TRY_ASSIGN(const std::vector<Cells> table, table_after(document, kIncludeHeading));
  for (const Cells& cells : table) {
    const std::vector<std::string> path = quoted_words(cells.at(0));
    if (path.size() != 1 || cells.size() < 2) {
      return fail(Errc::kBadInput, "include table: not a row: " + cells.at(0));
    }
    if (rules.row_of(path[0]) != nullptr && rules.row_of(path[0])->path == path[0]) {
      return fail(Errc::kBadInput, "include table: two rows for " + path[0]);
    }
    rules.rows.push_back({path[0], cells[1] == "everything", quoted_words(cells[1])});
  }
  for (const IncludeRow& row : rules.rows) {
    for (const std::string& target : row.may_include) {
      const IncludeRow* named = rules.row_of(target);
      if (named == nullptr || named->path != target) {
        return fail(Errc::kBadInput,
                    "include table: " + row.path + " may include " + target + ", which has no row");
      }
    }
  }
  return {};
}

Result<std::string> value_of(const std::vector<Cells>& table, std::string_view rule) {
  for (const Cells& cells : table) {
    if (cells.size() >= 2 && cells[0].starts_with(rule)) return cells[1];
  }
  return fail(Errc::kBadInput, "no row for the rule '" + std::string(rule) + "'");
}

Status parse_other_rules(std::string_view document, Rules& rules) {
  FW_TRY_ASSIGN(const std::vector<Cells> table, table_after(document, kOtherHeading));
  FW_TRY_ASSIGN(const std::string lines, value_of(table, "lines of a source file"));
  const auto [end, error] =
      std::from_chars(lines.data(), lines.data() + lines.size(), rules.max_lines);
  if (error != std::errc() || rules.max_lines == 0) {
    return fail(Errc::kBadInput, "no number of lines: " + lines);
  }
  FW_TRY_ASSIGN(const std::string raw, value_of(table, "raw system calls"));
  FW_TRY_ASSIGN(const std::string engine, value_of(table, "V8's"));
  FW_TRY_ASSIGN(const std::string node_api, value_of(table, "Node-API's"));
  FW_TRY_ASSIGN(const std::string python, value_of(table, "Python's"));
  rules.raw_syscall_folders = quoted_words(raw);
  rules.engine_folders = quoted_words(engine);
  rules.node_api_folders = quoted_words(node_api);
  rules.python_folders = quoted_words(python);
  return {};
}

}  // namespace

bool lies_under(std::string_view path, std::string_view under) {
  return path.starts_with(under) && (path.size() == under.size() || path[under.size()] == '/');
}

bool lies_under_any(std::string_view path, const std::vector<std::string>& folders) {
  return std::any_of(folders.begin(), folders.end(),
                     [&](const std::string& folder) { return lies_under(path, folder); });
}

const IncludeRow* Rules::row_of(std::string_view path) const {
  const IncludeRow* found = nullptr;
  for (const IncludeRow& row : rows) {
    if (lies_under(path, row.path) && (found == nullptr || row.path.size() > found->path.size())) {
      found = &row;
    }
  }
  return found;
}

Result<Rules> parse_rules(std::string_view document) {
  Rules rules;
  FW_TRY(parse_include_table(document, rules));
  FW_TRY(parse_other_rules(document, rules));
  return rules;
}

}  // namespace fw::architecture
