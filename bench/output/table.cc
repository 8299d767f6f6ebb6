#include "bench/output/table.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <vector>

#include "bench/text.h"

namespace fw::bench {

namespace {

constexpr std::string_view kPhase = ".phase.";
constexpr std::size_t kNumberWidth = 11;

std::string figure_lines(const Report& report) {
  std::size_t width = 0;
  std::vector<const Figure*> shown;
  for (const Figure& figure : report.figures.all()) {
    if (figure.name.find(kPhase) != std::string::npos) continue;
    shown.push_back(&figure);
    width = std::max(width, columns(figure.what));
  }
  std::string text = padded_right("", width) + padded_left("median", kNumberWidth) +
                     padded_left("p99", kNumberWidth) + padded_left("count", kNumberWidth) + "\n";
  for (const Figure* figure : shown) {
    const bool one = figure->summary.count <= 1;
    text += padded_right(figure->what, width) +
            padded_left(value_text(figure->value, figure->unit), kNumberWidth) +
            padded_left(one ? "" : value_text(figure->summary.p99, figure->unit), kNumberWidth) +
            padded_left(one ? "" : grouped(figure->summary.count), kNumberWidth) + "\n";
  }
  return text;
}

// Names that begin with what stands before ".phase.", in order, and the phases of
// all, in order.
std::string phase_lines(const Report& report) {
  std::vector<std::string> keys;
  std::vector<std::string> phases;
  std::map<std::pair<std::string, std::string>, double> values;
  const auto note = [](std::vector<std::string>& list, const std::string& item) {
    if (std::find(list.begin(), list.end(), item) == list.end()) list.push_back(item);
  };
  for (const Figure& figure : report.figures.all()) {
    const std::size_t at = figure.name.find(kPhase);
    if (at == std::string::npos) continue;
    const std::string key = figure.name.substr(0, at);
    const std::string phase = figure.name.substr(at + kPhase.size());
    note(keys, key);
    note(phases, phase);
    values[{phase, key}] = figure.value;
  }
  if (keys.empty()) return {};
  constexpr std::size_t kPhaseWidth = 14;
  std::size_t width = kPhaseWidth;
  for (const std::string& key : keys) width = std::max(width, key.size() + 2);
  std::string text = padded_right("\nphase, median us", kPhaseWidth + 4);
  for (const std::string& key : keys) text += padded_left(key, width);
  for (const std::string& phase : phases) {
    text += "\n" + padded_right(phase, kPhaseWidth + 3);
    for (const std::string& key : keys) {
      const auto value = values.find({phase, key});
      char number[32] = "-";
      if (value != values.end()) std::snprintf(number, sizeof number, "%.1f", value->second);
      text += padded_left(number, width);
    }
  }
  return text + "\n";
}

std::string bound_lines(const Report& report) {
  std::size_t width = 0;
  for (const Bound& bound : report.bounds) width = std::max(width, columns(bound.what));
  std::string text = report.bounds.empty() ? "" : "\n";
  for (const Bound& bound : report.bounds) {
    const std::optional<bool> pass = bound.pass();
    text += !pass ? "  not judged  " : *pass ? "  holds       " : "  MISSED      ";
    text += padded_right(bound.what, width);
    text += padded_left(bound.value ? value_text(*bound.value, bound.unit) : "-", kNumberWidth);
    text += bound.comparison == Comparison::kAtMost ? "  at most " : "  at least ";
    text += value_text(bound.bound, bound.unit);
    if (!bound.note.empty()) text += "  (" + bound.note + ")";
    text += "\n";
  }
  return text;
}

}  // namespace

std::string draw_table(const Report& report) {
  std::string text = describe(report.machine) + "\n";
  for (const std::string& note : report.notes) text.append(note).append("\n");
  for (const auto& [what, reason] : report.unavailable) {
    text.append("not measured: ").append(what).append(": ").append(reason).append("\n");
  }
  if (report.quick) text += "a quick run: too few samples to quote\n";
  return text + "\n" + figure_lines(report) + phase_lines(report) + bound_lines(report);
}

}  // namespace fw::bench
