#include "bench/output/markdown.h"

#include <optional>

#include "bench/text.h"

namespace fw::bench {

std::string cell(const Figure* figure) {
  if (figure == nullptr) return "-";
  std::string text = value_text(figure->value, figure->unit, true);
  if (figure->summary.count > 1) {
    text += " (" + value_text(figure->summary.p99, figure->unit, true) + ")";
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

}  // namespace fw::bench
