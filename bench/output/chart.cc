#include "bench/output/chart.h"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <utility>

#include "bench/output/svg.h"
#include "bench/text.h"

namespace fw::bench {

namespace {

// Pixels.
constexpr double kWidth = 860;
constexpr double kMargin = 24;
constexpr double kLabelEnd = 300;  // labels end here, bars begin behind it
constexpr double kBarStart = 312;
constexpr double kBarEnd = 780;  // of the longest bar; its value comes after
constexpr double kFirstBar = 88;
constexpr double kPitch = 28;  // from bar to bar
constexpr double kBarHeight = 18;
constexpr double kHeadingHeight = 26;  // of a group, its distance to the bars above included
constexpr double kBetweenGroups = 12;
constexpr double kBelow = 40;  // for the axis

// Its own background, so that it can be read on any page; darker where the reader
// prefers dark.
constexpr std::string_view kStyle = R"(
text { font-family: system-ui, 'Segoe UI', 'DejaVu Sans', sans-serif; fill: #24292f; }
.page { fill: #ffffff; stroke: #d0d7de; }
.title { font-size: 17px; font-weight: 600; }
.subtitle, .axis { font-size: 12px; fill: #57606a; }
.heading { font-size: 13px; font-weight: 600; }
.label { font-size: 13px; }
.value { font-size: 13px; font-weight: 600; paint-order: stroke; stroke: #ffffff; stroke-width: 4px; }
.grid { stroke: #d8dee4; stroke-width: 1; }
.floor { fill: #8c959f; }
.ours { fill: #1a7f64; }
.peer { fill: #c4632b; }
@media (prefers-color-scheme: dark) {
  text { fill: #e6edf3; }
  .value { stroke: #0d1117; }
  .page { fill: #0d1117; stroke: #30363d; }
  .subtitle, .axis { fill: #9da7b3; }
  .grid { stroke: #262c36; }
  .floor { fill: #7d8590; }
  .ours { fill: #2ea583; }
  .peer { fill: #db7b45; }
}
)";

const char* class_of(BarKind kind) {
  switch (kind) {
    case BarKind::kFloor:
      return "floor";
    case BarKind::kPeer:
      return "peer";
    case BarKind::kOurs:
      break;
  }
  return "ours";
}

// From durations to places along a bar: whole powers of ten at both ends.
class LogScale {
 public:
  explicit LogScale(const std::vector<BarGroup>& groups) {
    double least = 1e12;
    double most = 0;
    for (const BarGroup& group : groups) {
      for (const Bar& bar : group.bars) {
        least = std::min(least, bar.microseconds);
        most = std::max(most, bar.microseconds);
      }
    }
    first_ = static_cast<int>(std::floor(std::log10(least)));
    last_ = std::max(static_cast<int>(std::ceil(std::log10(most))), first_ + 1);
  }
  double place(double microseconds) const {
    return kBarStart +
           (kBarEnd - kBarStart) * (std::log10(microseconds) - first_) / (last_ - first_);
  }
  int first() const { return first_; }
  int last() const { return last_; }

 private:
  int first_;  // powers of ten, of microseconds
  int last_;
};

void add_bar(const Report& report, std::string_view figure, std::string label, BarKind kind,
             std::vector<Bar>& bars) {
  if (const Figure* found = report.figures.lowest(figure)) {
    bars.push_back({std::move(label), found->value, kind});
  }
}

// "Debian node 18.20.4" of "cold process to answer, Debian node 18.20.4 on one CPU, NOP".
std::string peer_label(const Report& report, std::string_view figure) {
  const Figure* found = report.figures.lowest(figure);
  if (found == nullptr) return {};
  std::string peer = found->what;
  if (const std::size_t comma = peer.find(", "); comma != std::string::npos) {
    peer.erase(0, comma + 2);
  }
  return "new process, " + peer.substr(0, peer.find(" on "));
}

BarGroup group_of(const Report& report, std::string heading, const std::string& function,
                  std::initializer_list<const char*> peers) {
  BarGroup group{std::move(heading), {}};
  add_bar(report, function + ".cache.restore", "fwrun, restored with the cache", BarKind::kOurs,
          group.bars);
  add_bar(report, function + ".store.restore", "fwrun, restored from the store", BarKind::kOurs,
          group.bars);
  add_bar(report, function + ".command", "the whole command fwrun --invoke", BarKind::kOurs,
          group.bars);
  for (const char* peer : peers) {
    const std::string figure = function + peer;
    add_bar(report, figure, peer_label(report, figure), BarKind::kPeer, group.bars);
  }
  return group;
}

Chart titled(std::string title, const Report& report) {
  Chart chart;
  chart.title = std::move(title);
  chart.subtitle = "median, logarithmic scale; " + report.machine.cpu +
                   (report.machine.is_virtual ? ", virtual machine" : "");
  if (report.quick) chart.subtitle += "; a quick run with few samples";
  return chart;
}

BarGroup serving_group(const Report& report, std::string heading, const std::string& function) {
  BarGroup group{std::move(heading), {}};
  add_bar(report, function + ".parked.call", "call of a waiting process, no reset", BarKind::kFloor,
          group.bars);
  add_bar(report, function + ".reset.call", "the same, reset after each call", BarKind::kOurs,
          group.bars);
  add_bar(report, function + ".fork.boot", "forked from its template", BarKind::kOurs, group.bars);
  return group;
}

std::vector<BarGroup> groups_to_draw(const Chart& chart) {
  std::vector<BarGroup> groups;
  for (BarGroup group : chart.groups) {
    std::erase_if(group.bars, [](const Bar& bar) { return bar.microseconds <= 0; });
    if (!group.bars.empty()) groups.push_back(std::move(group));
  }
  return groups;
}

double height_of(const BarGroup& group) {
  return (group.heading.empty() ? 0 : kHeadingHeight) +
         kPitch * static_cast<double>(group.bars.size());
}

void draw_group(const BarGroup& group, const LogScale& scale, double y, Svg& svg) {
  if (!group.heading.empty()) {
    svg.text(kMargin, y + kHeadingHeight - 12, Svg::Anchor::kStart, "heading", group.heading);
    y += kHeadingHeight;
  }
  for (const Bar& bar : group.bars) {
    const double end = std::max(scale.place(bar.microseconds), kBarStart + 2);
    const double baseline = y + kBarHeight / 2 + 5;
    svg.text(kLabelEnd, baseline, Svg::Anchor::kEnd, "label", bar.label);
    svg.rectangle(kBarStart, y, end - kBarStart, kBarHeight, 3, class_of(bar.kind));
    svg.text(end + 8, baseline, Svg::Anchor::kStart, "value",
             duration_text(bar.microseconds, true));
    y += kPitch;
  }
}

}  // namespace

std::string draw(const Chart& chart) {
  const std::vector<BarGroup> groups = groups_to_draw(chart);
  double axis = kFirstBar;
  for (const BarGroup& group : groups) axis += height_of(group) + kBetweenGroups;
  if (!groups.empty()) axis -= kBetweenGroups;
  const double height = axis + kBelow;
  Svg svg(kWidth, height, chart.title, kStyle);
  svg.rectangle(0.5, 0.5, kWidth - 1, height - 1, 8, "page");
  svg.text(kMargin, 34, Svg::Anchor::kStart, "title", chart.title);
  svg.text(kMargin, 56, Svg::Anchor::kStart, "subtitle", chart.subtitle);
  if (groups.empty()) return std::move(svg).finish();

  const LogScale scale(groups);
  for (int power = scale.first(); power <= scale.last(); ++power) {
    const double x = scale.place(std::pow(10, power));
    svg.vertical_line(x, kFirstBar - 8, axis, "grid");
    svg.text(x, axis + 20, Svg::Anchor::kMiddle, "axis", duration_text(std::pow(10, power), true));
  }
  double y = kFirstBar;
  for (const BarGroup& group : groups) {
    draw_group(group, scale, y, svg);
    y += height_of(group) + kBetweenGroups;
  }
  return std::move(svg).finish();
}

Chart restore_chart(const Report& report) {
  Chart chart = titled("From a request to its answer", report);
  BarGroup floor;
  add_bar(report, "floor.fork", "fork + exit of a tiny static process", BarKind::kFloor,
          floor.bars);
  chart.groups = {
      std::move(floor),
      group_of(report, "JavaScript, nothing to do", "nop", {".cold.newest", ".cold.debian"}),
      group_of(report, "Python, nothing to do", "nop_python", {".cold.python"}),
      group_of(report, "Python, summarising a text", "words", {".cold.python"}),
      group_of(report, "Python, Monte Carlo with Numba", "montecarlo", {".cold.python"})};
  return chart;
}

Chart serving_chart(const Report& report) {
  Chart chart = titled("From a request to its answer, served", report);
  BarGroup floors;
  add_bar(report, "serving.floor.handoff", "there and back between two processes", BarKind::kFloor,
          floors.bars);
  add_bar(report, "serving.floor.fork", "fork + exit of a tiny static process", BarKind::kFloor,
          floors.bars);
  chart.groups = {std::move(floors),
                  serving_group(report, "JavaScript, nothing to do", "nop"),
                  serving_group(report, "Python, nothing to do", "nop_python"),
                  serving_group(report, "Python, summarising a text", "words"),
                  serving_group(report, "JavaScript, computing", "cpu"),
                  serving_group(report, "Python, Monte Carlo with Numba", "montecarlo")};
  return chart;
}

}  // namespace fw::bench
