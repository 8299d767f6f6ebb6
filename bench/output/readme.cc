#include "bench/output/readme.h"

#include <array>
#include <span>

#include "base/files.h"
#include "bench/output/markdown.h"
#include "bench/serving/suite.h"
#include "bench/text.h"

namespace fw::bench {

namespace {

constexpr std::string_view kBegin = "<!-- bench:begin -->";
constexpr std::string_view kEnd = "<!-- bench:end -->";

struct Row {
  std::string_view label;
  std::string_view figure;  // after the function's key
};
constexpr std::array<Row, 3> kOwnRows{{
    {"restored from the store, request to answer", ".store.restore"},
    {"restored with the cache, request to answer", ".cache.restore"},
    {"the whole command `fwrun --invoke`", ".command"},
}};
constexpr std::array<Row, 3> kPeerRows{{
    {"new process of the newest node here, to its answer", ".cold.newest"},
    {"new process of Debian's node, to its answer", ".cold.debian"},
    {"new process of Debian's python3.11, to its answer", ".cold.python"},
}};
constexpr std::array<Row, 5> kCallRows{{
    {"first call in training, nothing compiled yet", ".first_call_unoptimised"},
    {"first call after a restore from the store", ".store.first_call"},
    {"steady call at the end of training", ".steady_call"},
    {"memory of its own, after 100 calls in one process", ".live.private_after_100"},
    {"image, on disk", ".image_allocated"},
}};

// The examples of one language, side by side.
struct Column {
  std::string_view heading;
  std::string_view key;
};
constexpr std::array<Column, 2> kJavaScript{{{"`nop`", "nop"}, {"`cpu`", "cpu"}}};
constexpr std::array<Column, 3> kPython{{{"`nop_python`", "nop_python"},
                                         {"`words`, standard library", "words"},
                                         {"`montecarlo`, Numba", "montecarlo"}}};

// Without rows that were measured of no column; empty when there are none.
std::string figure_rows(const Report& report, std::span<const Column> columns,
                        std::span<const Row> rows) {
  std::string text;
  for (const Row& row : rows) {
    std::string cells;
    bool measured = false;
    for (const Column& column : columns) {
      const Figure* figure =
          report.figures.lowest(std::string(column.key) + std::string(row.figure));
      measured = measured || figure != nullptr;
      cells += " " + cell(figure) + " |";
    }
    if (measured) text += "| " + std::string(row.label) + " |" + cells + "\n";
  }
  return text;
}

std::string figure_table(const Report& report, std::string_view language,
                         std::span<const Column> columns) {
  std::string rows;
  for (const std::span<const Row> part :
       {std::span<const Row>(kOwnRows), std::span<const Row>(kPeerRows),
        std::span<const Row>(kCallRows)}) {
    rows += figure_rows(report, columns, part);
  }
  if (rows.empty()) return {};
  std::string text = "| " + std::string(language) + ", median (p99) |";
  std::string rule = "|---|";
  for (const Column& column : columns) {
    text += " " + std::string(column.heading) + " |";
    rule += "---:|";
  }
  return text + "\n" + rule + "\n" + rows + "\n";
}

std::string provenance(const Report& report) {
  std::string text = "Measured on " + describe(report.machine) + "; " + report.date.substr(0, 10);
  if (!report.commit.empty()) text += ", source " + report.commit;
  text += ".";
  if (const Figure* restores = report.figures.find("nop.store.restore")) {
    text += " " + grouped(restores->summary.count) + " restores of each function";
    if (const Figure* endured = report.figures.find("endurance.restores")) {
      text += ", then " + grouped(static_cast<std::size_t>(endured->value)) + " in a row";
    }
    text += ".";
  }
  if (const Figure* floor = report.figures.find("floor.fork")) {
    text += " Fork, exit and wait of a tiny static process, the floor: " + cell(floor) + ".";
  }
  if (report.quick) text += " **A quick run, with too few samples to quote.**";
  return text + "\n";
}

}  // namespace

std::string readme_tables(const Report& report) {
  std::string text = provenance(report) + "\n" + figure_table(report, "JavaScript", kJavaScript) +
                     figure_table(report, "Python", kPython) + bound_table(report);
  for (const std::string& note : report.notes) {
    if (note.starts_with("CRIU")) text += "\n" + note + ".\n";
  }
  return text;
}

Result<std::string> replace_block(std::string_view document, std::string_view block) {
  const std::size_t begin = document.find(kBegin);
  const std::size_t end = document.find(kEnd);
  if (begin == std::string_view::npos || end == std::string_view::npos || end < begin ||
      document.find(kBegin, begin + 1) != std::string_view::npos ||
      document.find(kEnd, end + 1) != std::string_view::npos) {
    return fail(Errc::kBadInput, "there must be one " + std::string(kBegin) + ", and one " +
                                     std::string(kEnd) + " after it");
  }
  std::string text(document.substr(0, begin + kBegin.size()));
  text += "\n";
  text += block;
  text += document.substr(end);
  return text;
}

Status refresh_readme(const std::filesystem::path& readme, const std::vector<Report>& reports) {
  FW_TRY_ASSIGN(const std::string document, read_file(readme));
  std::string tables;
  for (const Report& report : reports) {
    if (!tables.empty()) tables += "\n";
    tables += report.suite == kServingSuite ? readme_serving(report)
              : report.suite == kSoakSuite  ? readme_soak(report)
                                            : readme_tables(report);
  }
  Result<std::string> refreshed = replace_block(document, tables);
  if (!refreshed) return fail(std::move(refreshed).error().context(readme.string()));
  if (*refreshed == document) return {};
  return write_file_atomically(readme, *refreshed);
}

}  // namespace fw::bench
