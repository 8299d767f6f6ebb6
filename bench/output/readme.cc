#include "bench/output/readme.h"

#include <array>

#include "base/files.h"
#include "bench/text.h"

namespace fw::bench {

namespace {

constexpr std::string_view kBegin = "<!-- bench:begin -->";
constexpr std::string_view kEnd = "<!-- bench:end -->";

struct Row {
  std::string_view label;
  std::string_view figure;  // after the function's key
};
constexpr std::array<Row, 8> kRows{{
    {"restored from the store, request to answer", ".store.restore"},
    {"restored with the cache, request to answer", ".cache.restore"},
    {"the whole command `fwrun --invoke`", ".command"},
    {"new process of the newest node here, to its answer", ".cold.newest"},
    {"new process of Debian's node, to its answer", ".cold.debian"},
    {"very first call in training, arguments to answer", ".first_call_unoptimised"},
    {"first call after a restore from the store, the handler alone", ".store.first_call"},
    {"steady call in training, arguments to answer", ".steady_call"},
}};

// "0.81 ms (1.02)": median and p99.
std::string cell(const Figure* figure) {
  if (figure == nullptr) return "-";
  std::string text = value_text(figure->value, figure->unit, true);
  if (figure->summary.count > 1) {
    text += " (" + value_text(figure->summary.p99, figure->unit, true) + ")";
  }
  return text;
}

std::string figure_table(const Report& report) {
  std::string text = "| median (p99) | `examples/nop` | `examples/cpu` |\n|---|---:|---:|\n";
  const std::string floor = cell(report.figures.find("floor.fork"));
  text += "| fork + exit + wait of a tiny static process | " + floor + " | |\n";
  for (const Row& row : kRows) {
    const Figure* nop = report.figures.lowest("nop" + std::string(row.figure));
    const Figure* cpu = report.figures.lowest("cpu" + std::string(row.figure));
    if (nop == nullptr && cpu == nullptr) continue;
    text += "| " + std::string(row.label) + " | " + cell(nop) + " | " + cell(cpu) + " |\n";
  }
  return text;
}

std::string bound_table(const Report& report) {
  std::string text = "| must hold | measured | bound | |\n|---|---:|---:|---|\n";
  for (const Bound& bound : report.bounds) {
    const std::optional<bool> pass = bound.pass();
    text += "| " + bound.what + " | ";
    text += bound.value ? value_text(*bound.value, bound.unit, true) : "-";
    text += bound.comparison == Comparison::kAtMost ? " | at most " : " | at least ";
    text += value_text(bound.bound, bound.unit, true) + " | ";
    text += !pass ? "not judged: " + bound.note : *pass ? "holds" : "**missed**";
    text += " |\n";
  }
  return text;
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
  if (report.quick) text += " **A quick run, with too few samples to quote.**";
  return text + "\n";
}

}  // namespace

std::string readme_tables(const Report& report) {
  return provenance(report) + "\n" + figure_table(report) + "\n" + bound_table(report);
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

Status refresh_readme(const std::filesystem::path& readme, const Report& report) {
  FW_TRY_ASSIGN(const std::string document, read_file(readme));
  Result<std::string> refreshed = replace_block(document, readme_tables(report));
  if (!refreshed) return fail(std::move(refreshed).error().context(readme.string()));
  if (*refreshed == document) return {};
  return write_file_atomically(readme, *refreshed);
}

}  // namespace fw::bench
